# shellcheck shell=dash
# Every group made for users has an account, and every account's group exists.
check_groups_have_members() {
  local first_group found
  require_file /etc/passwd || return 0
  require_file /etc/group || return 0
  first_group=$(login_definition GID_MIN 1000)
  know_accounts group
  found=$(passwd_records | awk -F: -v file="$ACCOUNTS" -v first="$first_group" '
    { primary[$4] = 1; account[$4] = $1 }
    END {
      while ((getline line < file) > 0) {
        split(line, field, ":")
        exists[field[3]] = 1
        if ((field[3] in primary) || field[4] != "") continue
        if (field[3] >= first + 0 && field[3] < 65534) print "group " field[1] " (GID " field[3] ") has no account"
        else empty++
      }
      for (gid in primary) if (!(gid in exists)) print "GID " gid " of account " account[gid] " is no group"
      if (empty) print "system\t" empty " group(s) of the system have no account, as distributions ship them"
    }' | sort)
  printf '%s\n' "$found" | awk '$0 != "" { sub(/^system\t/, ""); print }' | evidence_lines
  found=$(printf '%s\n' "$found" | awk '$0 != "" && !/^system\t/')
  if [ -n "$found" ]; then
    manual "a person must say whether it is needed: $(printf '%s\n' "$found" | summary_of_lines)"
  else
    pass "every group from GID $first_group on has an account"
  fi
}
