# shellcheck shell=dash
# A password is kept for some days at least, for existing and for new accounts.
check_password_minimum_age_set() {
  local days
  days=$(parameter password_minimum_days) || return 1
  judge_password_age minimum "$days"
}
