# shellcheck shell=dash
# No two accounts share a UID.
check_user_ids_unique() {
  local shared
  require_file /etc/passwd || return 0
  shared=$(passwd_records | awk -F: '
    # Leading zeros go by hand: to some awks a number that begins with 0 is octal.
    { id = $3; sub(/^0+/, "", id); if (id == "") id = 0; names[id] = names[id] " " $1; count[id]++ }
    END { for (id in names) if (count[id] > 1) print "UID " id ":" names[id] }' | sort)
  if [ -n "$shared" ]; then
    evidence "$shared"
    fail "shared by several accounts: $(printf '%s\n' "$shared" | summary_of_lines)"
  else
    pass "every account has a UID of its own"
  fi
}
