# shellcheck shell=dash
# The account named ftp cannot be used to log in.
check_ftp_account_without_login_shell() {
  local shell
  require_file /etc/passwd || return 0
  if [ -z "$(passwd_records | awk -F: '$1 == "ftp"')" ]; then
    not_applicable "there is no account named ftp"
    return 0
  fi
  shell=$(login_accounts | awk -F: '$1 == "ftp" { print $5 }')
  passwd_records | awk -F: '$1 == "ftp" { print "ftp has the shell " ($7 == "" ? "/bin/sh (the field is empty)" : $7) }' |
    evidence_lines
  if [ -n "$shell" ]; then
    fail "the account ftp has the login shell $shell"
  else
    pass "the account ftp has no login shell"
  fi
}
