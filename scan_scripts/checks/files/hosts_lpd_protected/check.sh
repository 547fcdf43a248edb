# shellcheck shell=dash
# /etc/hosts.lpd, if it exists at all, belongs to root and is closed to others.
check_hosts_lpd_protected() {
  local limit
  limit=$(parameter hosts_lpd_mode_limit) || return 1
  judge_protection root "$limit" /etc/hosts.lpd
}
