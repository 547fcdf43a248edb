# shellcheck shell=dash
# A password is changed within the limit, for existing and for new accounts.
check_password_maximum_age_limited() {
  local days
  days=$(parameter password_maximum_days) || return 1
  judge_password_age maximum "$days"
}
