# shellcheck shell=dash
# The rules that passwords meet: which module checks a new one and with which values, and for how long
# it may or must be kept, for accounts that exist (/etc/shadow) and for new ones (/etc/login.defs).

quality_rule() { # <service>: "<module> <arguments>" of the module that may refuse a new password
  pam_stack "$1" password | awk -F'\t' '
    $2 ~ /^pam_(pwquality|cracklib|passwdqc)\.so$/ && $1 !~ /^(optional|sufficient)$/ { print $2 " " $4; exit }'
}

quality_settings() { # <rule>: "<name> <value>", the last one of a name holds: drop-ins, the file, then the PAM line
  case $1 in
    pam_pwquality*)
      matching_paths /etc/security/pwquality.conf.d '*.conf' | while IFS= read -r path; do
        module_settings "$path"
      done
      module_settings /etc/security/pwquality.conf
      ;;
  esac
  printf '%s\n' "${1#* }" | tr -s ' ' '\n' | awk -F= '$1 != "" { print tolower($1), (NF > 1 ? $2 : "yes") }'
}

quality_settings_in_force() { # the same for whatever checks new passwords here; gives the verdict, and fails, when nothing decides
  local service rule
  if ! service=$(pam_password_service); then
    not_applicable "PAM does not change passwords on this host"
    return 1
  fi
  rule=$(quality_rule "$service")
  case $rule in
    '')
      password_policy_missing "no password quality module checks new passwords (pam_pwquality is not in the stack of $service)"
      return 1
      ;;
    *pam_passwdqc*)
      manual "pam_passwdqc checks new passwords; its rules must be compared by a person: $rule"
      return 1
      ;;
  esac
  quality_settings "$rule"
}

judge_password_age() { # <maximum|minimum> <days>: existing accounts with a password, and the default for new ones
  local key value faults
  require_file /etc/shadow || return 0
  faults=$(shadow_records | awk -F: -v which="$1" -v days="$2" '
    $2 == "" || $2 ~ /^[!*]/ { next }
    which == "maximum" && ($5 == "" || $5 < 0 || $5 + 0 > days + 0) { print $1 ": maximum age " ($5 == "" ? "not set" : $5) }
    which == "minimum" && ($4 == "" || $4 + 0 < days + 0) { print $1 ": minimum age " ($4 == "" ? "not set" : $4) }')
  key=PASS_MAX_DAYS
  [ "$1" = maximum ] || key=PASS_MIN_DAYS
  value=$(login_definition "$key" 'not set')
  printf '%s\n' "$faults" "$key $value" | awk '$0 != ""' | evidence_lines
  if [ -n "$faults" ]; then
    fail "$(printf '%s\n' "$faults" | summary_of_lines)"
  elif age_is_within "$1" "$value" "$2"; then
    pass "the $1 age of passwords is $2 day(s), or stricter"
  else
    password_policy_missing "new accounts get no such limit, /etc/login.defs: $key $value"
  fi
}

age_is_within() { # <maximum|minimum> <value> <days>
  is_number "$2" || return 1
  if [ "$1" = maximum ]; then
    [ "$2" -le "$3" ]
  else
    [ "$2" -ge "$3" ]
  fi
}
