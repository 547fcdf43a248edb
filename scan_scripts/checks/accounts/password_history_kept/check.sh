# shellcheck shell=dash
# A new password differs from the last ones.
check_password_history_kept() {
  local wanted service rules remembered
  wanted=$(parameter password_history_minimum) || return 1
  if ! service=$(pam_password_service); then
    not_applicable "PAM does not change passwords on this host"
    return 0
  fi
  rules=$(pam_stack "$service" password) || return 1
  remembered=$(remembered_passwords "$rules")
  if [ -z "$remembered" ]; then
    password_policy_missing "no old password is remembered (neither pam_pwhistory nor remember= of pam_unix)"
    return 0
  fi
  evidence "the last $remembered password(s) are remembered"
  if is_number "$remembered" && [ "$remembered" -ge "$wanted" ]; then
    pass "the last $remembered passwords cannot be used again"
  else
    password_policy_missing "only $remembered old password(s) are remembered, fewer than $wanted"
  fi
}

remembered_passwords() { # <rules>: the number in force; pam_pwhistory remembers 10 unless told otherwise
  local arguments value
  arguments=$(printf '%s\n' "$1" | awk -F'\t' '$2 == "pam_pwhistory.so" && $1 !~ /^(optional|sufficient)$/ { print "history " $4; exit }')
  if [ -n "$arguments" ]; then
    value=$(printf '%s\n' "$arguments" | pam_argument remember)
    [ -n "$value" ] || value=$(module_settings /etc/security/pwhistory.conf | module_setting remember)
    printf '%s\n' "${value:-10}"
    return 0
  fi
  printf '%s\n' "$1" | awk -F'\t' '$2 == "pam_unix.so" { print $4 }' | pam_argument remember
}
