# shellcheck shell=dash
# New passwords are long enough and mix letters, digits and other characters, and root's too where the profile says so.
check_password_complexity_enforced() {
  local minimum root settings faults
  minimum=$(parameter password_minimum_length) || return 1
  root=$(parameter password_rules_for_root) || return 1
  settings=$(quality_settings_in_force) || return 0
  evidence "$settings"
  faults=$(quality_faults "$settings" "$minimum" "$root")
  if [ -n "$faults" ]; then
    password_policy_missing "$(printf '%s\n' "$faults" | summary_of_lines)"
  else
    pass "new passwords have $minimum characters at least and mix letters, digits and others"
  fi
}

quality_faults() { # <settings> <minimum length> <yes when root must obey>
  printf '%s\n' "$1" | awk -v minimum="$2" -v root="$3" '
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
      if (root == "yes" && (!("enforce_for_root" in value) || value["enforce_for_root"] == "0"))
        print "root may choose any password (enforce_for_root is not set)"
    }'
}
