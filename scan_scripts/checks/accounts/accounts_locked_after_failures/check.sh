# shellcheck shell=dash
# After some wrong passwords in a row an account is locked, on every way to log in.
check_accounts_locked_after_failures() {
  local limit services service faults=''
  limit=$(parameter lockout_failures_limit) || return 1
  services=$(pam_login_services)
  if [ -z "$services" ]; then
    not_applicable "PAM has no service to log in through"
    return 0
  fi
  for service in $services; do
    faults="$faults$(lockout_fault "$service" "$limit")"
  done
  if [ -n "$faults" ]; then
    password_policy_missing "${faults%; }"
  else
    pass "an account is locked after $limit wrong passwords or fewer"
  fi
}

lockout_fault() { # <service> <limit>: what is wrong, ended by "; ", or nothing
  local rules denied
  rules=$(pam_stack "$1" auth | awk -F'\t' '$2 ~ /^pam_(faillock|tally2?)\.so$/ { print $2 " " $4 }')
  if [ -z "$rules" ]; then
    printf '%s: no pam_faillock in its stack; ' "$1"
    return 0
  fi
  case $rules in
    *pam_faillock*)
      denied=$(faillock_deny "$rules")
      if ! faillock_is_complete "$rules"; then
        printf '%s: pam_faillock counts failures or refuses logins, but not both; ' "$1"
      fi
      ;;
    *) denied=$(printf '%s\n' "$rules" | pam_argument deny) ;;
  esac
  evidence "$1: locked after ${denied:-no} failures (deny)"
  if ! is_number "$denied" || [ "$denied" -lt 1 ] || [ "$denied" -gt "$2" ]; then
    printf '%s: deny is %s, not 1 to %s; ' "$1" "${denied:-not set}" "$2"
  fi
}

faillock_deny() { # <rules>: the value in force; pam_faillock itself says 3
  local value file
  value=$(printf '%s\n' "$1" | pam_argument deny)
  if [ -z "$value" ]; then
    file=$(printf '%s\n' "$1" | pam_argument conf)
    value=$(module_settings "${file:-/etc/security/faillock.conf}" | module_setting deny)
  fi
  printf '%s\n' "${value:-3}"
}

faillock_is_complete() { # <rules>: one line refuses (preauth, the default, or authsucc) and one counts (authfail)
  printf '%s\n' "$1" | awk '
    $1 != "pam_faillock.so" { next }
    / authfail( |$)/ { counts = 1; next }
    { refuses = 1 }
    END { exit !(counts && refuses) }'
}
