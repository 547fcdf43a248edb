# shellcheck shell=dash
# New passwords are long enough and mix letters, digits and other characters, root's too.
check_password_complexity_enforced() {
  local minimum service rule faults settings
  minimum=$(parameter password_minimum_length) || return 1
  if ! service=$(pam_password_service); then
    not_applicable "PAM does not change passwords on this host"
    return 0
  fi
  rule=$(quality_rule "$service")
  case $rule in
    '')
      password_policy_missing "no password quality module checks new passwords (pam_pwquality is not in the stack of $service)"
      return 0
      ;;
    *pam_passwdqc*)
      manual "pam_passwdqc checks new passwords; its rules must be compared by a person: $rule"
      return 0
      ;;
  esac
  settings=$(quality_settings "$rule")
  printf '%s\n' "$settings" | evidence_lines
  faults=$(quality_faults "$settings" "$minimum")
  if [ -n "$faults" ]; then
    password_policy_missing "$(printf '%s\n' "$faults" | summary_of_lines)"
  else
    pass "new passwords have $minimum characters at least and mix letters, digits and others"
  fi
}

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

quality_faults() { # <settings> <minimum length>
  printf '%s\n' "$1" | awk -v minimum="$2" '
    { value[$1] = $2 }
    function demands(name) { return (name in value) && value[name] ~ /^-[0-9]+$/ && value[name] + 0 <= -1 }
    END {
      # Without minlen the library itself asks for 8.
      length_ = ("minlen" in value) ? value["minlen"] : 8
      if (length_ !~ /^[0-9]+$/ || length_ + 0 < minimum + 0) print "minlen is " length_ ", less than " minimum
      all = ("minclass" in value) && value["minclass"] + 0 >= 4
      if (!all && !demands("dcredit")) print "no digit is demanded (dcredit is not -1)"
      if (!all && !demands("ocredit")) print "no special character is demanded (ocredit is not -1)"
      if (!all && !demands("ucredit") && !demands("lcredit")) print "no letter is demanded (ucredit or lcredit is not -1)"
      if (value["enforcing"] == "0") print "weak passwords only cause a warning (enforcing = 0)"
      if (!("enforce_for_root" in value) || value["enforce_for_root"] == "0") print "root may choose any password (enforce_for_root is not set)"
    }'
}
