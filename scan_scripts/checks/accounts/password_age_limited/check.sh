# shellcheck shell=dash
# A password is kept at least a day and changed within the limit, for existing and for new accounts.
check_password_age_limited() {
  local longest shortest faults definitions
  longest=$(parameter password_maximum_days) || return 1
  shortest=$(parameter password_minimum_days) || return 1
  require_file /etc/shadow || return 0
  faults=$(shadow_records | awk -F: -v longest="$longest" -v shortest="$shortest" '
    $2 == "" || $2 ~ /^[!*]/ { next }
    $5 == "" || $5 < 0 || $5 + 0 > longest + 0 { print $1 ": maximum age " ($5 == "" ? "not set" : $5) }
    $4 == "" || $4 + 0 < shortest + 0 { print $1 ": minimum age " ($4 == "" ? "not set" : $4) }')
  definitions=$(
    printf 'PASS_MAX_DAYS %s\n' "$(login_definition PASS_MAX_DAYS 'not set')"
    printf 'PASS_MIN_DAYS %s\n' "$(login_definition PASS_MIN_DAYS 'not set')"
  )
  printf '%s\n' "$faults" "$definitions" | awk '$0 != ""' | evidence_lines
  definitions=$(printf '%s\n' "$definitions" | awk -v longest="$longest" -v shortest="$shortest" '
    $2 !~ /^[0-9]+$/ || $1 == "PASS_MAX_DAYS" && $2 > longest + 0 || $1 == "PASS_MIN_DAYS" && $2 < shortest + 0')
  if [ -n "$faults" ]; then
    fail "$(printf '%s\n' "$faults" | summary_of_lines)"
  elif [ -n "$definitions" ]; then
    password_policy_missing "new accounts get no limit, /etc/login.defs: $(printf '%s\n' "$definitions" | summary_of_lines)"
  else
    pass "passwords are kept $shortest day(s) at least and $longest at most"
  fi
}
