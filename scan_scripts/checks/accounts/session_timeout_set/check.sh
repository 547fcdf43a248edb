# shellcheck shell=dash
# An idle shell ends by itself.
check_session_timeout_set() {
  local limit rows state
  limit=$(parameter session_timeout_limit_seconds) || return 1
  rows=$(system_shell_files | shell_statements | assignments TMOUT)
  printf '%s\n' "$rows" | awk -F'\t' '$0 != "" { print $1 ": TMOUT " $3 }' | evidence_lines
  state=$(printf '%s\n' "$rows" | timeout_in_force)
  case $state in
    none) fail "no start file of the shells sets TMOUT" ;;
    'not exported'*) fail "TMOUT is set but not exported" ;;
    computed*) manual "TMOUT is computed at login: ${state#computed }" ;;
    *) judge_timeout "$state" "$limit" ;;
  esac
}

timeout_in_force() { # standard input: assignments; none, not exported, computed ..., or "<value> <readonly|open>"
  awk -F'\t' '
    $3 == "" { next }
    { if ($2 ~ /x/) exported = 1 }
    $3 == "marked" { if ($2 ~ /r/) locked = value != ""; next }
    locked { next }
    { value = $3 == "unset" ? "0" : $3 }
    $2 ~ /r/ { locked = 1 }
    END {
      if (value == "") print "none"
      else if (value !~ /^[0-9]+$/) print "computed " value
      else if (!exported && value > 0) print "not exported"
      else print value, (locked ? "readonly" : "open")
    }'
}

judge_timeout() { # <value and lock> <limit>
  local value=${1% *} undone=''
  if [ "$value" -le 0 ] || [ "$value" -gt "$2" ]; then
    fail "TMOUT is $value, not 1 to $2"
    return 0
  fi
  if [ "${1#* }" = open ]; then
    undone=$(users_timeouts | awk -F'\t' -v limit="$2" '$3 == "unset" || $3 ~ /^[0-9]+$/ && ($3 + 0 == 0 || $3 + 0 > limit + 0) { print $1 ": TMOUT " $3 }')
  fi
  if [ -n "$undone" ]; then
    evidence "$undone"
    fail "an account undoes it: $(printf '%s\n' "$undone" | summary_of_lines)"
  else
    pass "an idle shell ends after $value s"
  fi
}

users_timeouts() { # assignments in the start files of accounts that can log in
  local home
  homes_that_exist login | while IFS='	' read -r _ _ home; do
    home_shell_files "$home"
  done | sort -u | shell_statements | assignments TMOUT
}
