# shellcheck shell=dash
# New passwords have a minimum length. PASS_MIN_LEN of login.defs is read by nobody on systems with PAM.
check_password_length_enforced() {
  local minimum settings length
  minimum=$(parameter password_minimum_length) || return 1
  settings=$(quality_settings_in_force) || return 0
  length=$(printf '%s\n' "$settings" | module_setting minlen)
  # Without minlen the library itself asks for 8.
  length=${length:-8}
  evidence "minlen $length"
  if ! is_number "$length" || [ "$length" -lt "$minimum" ]; then
    password_policy_missing "minlen is $length, less than $minimum"
  elif [ "$(printf '%s\n' "$settings" | module_setting enforcing)" = 0 ]; then
    password_policy_missing "short passwords only cause a warning (enforcing = 0)"
  else
    pass "new passwords have $length characters at least"
  fi
}
