# shellcheck shell=dash
# Only members of a chosen group can become another user with su.
check_su_limited_to_a_group() {
  local limit metadata mode service rules state
  limit=$(parameter su_command_mode_limit) || return 1
  require_file /etc/passwd || return 0
  if ! has_file /usr/bin/su && ! has_file /bin/su; then
    not_applicable "su is not installed"
    return 0
  fi
  if [ -z "$(login_accounts | awk -F: '$2 != 0')" ]; then
    pass "no account but root can log in, so nobody is left who could use su"
    return 0
  fi
  metadata=$(file_metadata /usr/bin/su) || metadata=$(file_metadata /bin/su) || metadata=''
  if [ -z "$metadata" ]; then
    error "owner and mode of su cannot be read"
    return 0
  fi
  mode=${metadata%% *}
  evidence "su: mode $mode, group $(group_name "$(printf '%s\n' "$metadata" | awk '{ print $3 }')")"
  if mode_within "$mode" "$limit"; then
    pass "only the owner and the group of su may run it (mode $mode)"
    return 0
  fi
  for service in su su-l; do
    pam_file "$service" >/dev/null || continue
    rules=$(pam_stack "$service" auth) || rules=''
    state=$(printf '%s\n' "$rules" | wheel_state)
    evidence "$service: $state"
    printf '%s %s\n' "$state" "$service" >>"$OUT/states"
  done
  conclude_su
}

wheel_state() { # standard input: the auth stack of su; limited, bypassed, other or open, and why
  awk -F'\t' '
    function ends_badly(control) { return control ~ /^(required|requisite)$/ || control ~ /default=(bad|die)/ }
    function may_end_well(control) { return control == "sufficient" || control ~ /(success|default)=done/ }
    $2 == "pam_wheel.so" && $4 !~ /(^| )(trust|deny)( |$)/ && ends_badly($1) {
      if (bypass != "") print "bypassed (" bypass " is asked first)"
      else {
        group = "wheel"
        if (match($4, /(^| )group=[^ ]+/)) { group = substr($4, RSTART, RLENGTH); sub(/^ ?group=/, "", group) }
        print "limited (pam_wheel in " $3 ", group " group ")"
      }
      found = 1
      exit
    }
    # Without use_uid (or ruser) pam_succeed_if asks about the account that is become.
    function asks_of_the_caller(module, arguments) { return module != "pam_succeed_if.so" || arguments ~ /use_uid|ruser/ }
    $2 ~ /^pam_(succeed_if|access|listfile|group)\.so$/ && ends_badly($1) && asks_of_the_caller($2, $4) && other == "" {
      other = $2
    }
    may_end_well($1) && $2 != "pam_rootok.so" && $4 !~ /uid *(= *0|eq 0)/ && bypass == "" { bypass = $2 }
    END {
      if (found) exit
      if (other != "") print "other (" other " decides)"
      else print "open (no pam_wheel that refuses others)"
    }'
}

conclude_su() {
  if [ ! -e "$OUT/states" ]; then
    error "PAM has no service su"
  elif grep -q '^open\|^bypassed' "$OUT/states"; then
    fail "everybody may use su: $(grep '^open\|^bypassed' "$OUT/states" | summary_of_lines)"
  elif grep -q '^other' "$OUT/states"; then
    manual "another module than pam_wheel limits su: $(grep '^other' "$OUT/states" | summary_of_lines)"
  else
    pass "su is limited to a group: $(summary_of_lines <"$OUT/states")"
  fi
}

group_name() { # <gid>: its name, else the number
  know_accounts group
  awk -F: -v gid="$1" '$3 == gid { print $1; found = 1; exit } END { if (!found) print gid }' "$ACCOUNTS"
}
