# shellcheck shell=dash
# No account other than root has UID 0.
check_only_root_has_uid_zero() {
  local others
  require_file /etc/passwd || return 0
  # A number is compared, not its spelling: 00 is UID 0 too.
  others=$(passwd_records | awk -F: '$3 ~ /^0+$/ && $1 != "root" { print $1 }')
  if [ -n "$others" ]; then
    printf '%s\n' "$others" | awk '{ print "UID 0: " $0 }' | evidence_lines
    fail "$(printf '%s\n' "$others" | awk 'END { print NR }') account(s) other than root have UID 0"
  elif [ -z "$(passwd_records | awk -F: '$1 == "root" && $3 ~ /^0+$/')" ]; then
    error "/etc/passwd has no root account with UID 0"
  else
    pass "root is the only account with UID 0"
  fi
}
