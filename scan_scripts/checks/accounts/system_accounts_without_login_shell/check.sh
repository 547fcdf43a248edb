# shellcheck shell=dash
# Accounts nobody logs in with have no login shell.
check_system_accounts_without_login_shell() {
  local listed first_user found
  listed=$(parameter accounts_without_login) || return 1
  require_file /etc/passwd || return 0
  first_user=$(login_definition UID_MIN 1000)
  found=$(login_accounts | awk -F: -v listed="$listed" -v first="$first_user" '
    BEGIN { n = split(listed, name, " "); for (i = 1; i <= n; i++) named[name[i]] = 1 }
    $1 in named { print "named\t" $1 " (UID " $2 ") has the shell " $5; next }
    $2 != 0 && $2 < first + 0 { print "other\t" $1 " (UID " $2 ") has the shell " $5 }')
  printf '%s\n' "$found" | awk -F'\t' '$0 != "" { print $2 }' | evidence_lines
  case $found in
    *named*) fail "$(printf '%s\n' "$found" | awk -F'\t' '$1 == "named" { print $2 }' | summary_of_lines)" ;;
    '') pass "no account of the list and no other system account has a login shell" ;;
    *) manual "a person must say whether it is needed: $(printf '%s\n' "$found" | awk -F'\t' '{ print $2 }' | summary_of_lines)" ;;
  esac
}
