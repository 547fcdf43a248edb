# shellcheck shell=dash
# No password, and no empty one, stands in /etc/passwd; every account has its line in /etc/shadow.
check_passwords_shadowed() {
  local faults
  require_file /etc/passwd || return 0
  if ! has_path /etc/shadow; then
    fail "/etc/shadow does not exist"
    return 0
  fi
  require_file /etc/shadow || return 0
  # Only what kind of value it is goes into the report, never the value.
  faults=$({
    passwd_records | awk -F: '
      $2 == "" { print $1 ": no password is needed (empty field in /etc/passwd)"; next }
      $2 != "x" && $2 !~ /^[*!]/ { print $1 ": the password field of /etc/passwd holds a value" }'
    accounts_without_shadow
    shadow_records | awk -F: '$2 == "" { print $1 ": no password is needed (empty field in /etc/shadow)" }'
  })
  if [ -n "$faults" ]; then
    evidence "$faults"
    fail "$(printf '%s\n' "$faults" | awk 'END { print NR }') password field(s) are not as they should be"
  else
    pass "every password is shadowed and none is empty"
  fi
}

accounts_without_shadow() { # accounts whose password should be in /etc/shadow and is not
  {
    shadow_records | awk '{ print "shadow:" $0 }'
    passwd_records | awk '{ print "passwd:" $0 }'
  } | awk -F: '
    $1 == "shadow" { listed[$2] = 1; next }
    $3 == "x" && !($2 in listed) { print $2 ": has no line in /etc/shadow" }'
}
