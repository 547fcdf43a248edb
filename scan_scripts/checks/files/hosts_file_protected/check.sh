# shellcheck shell=dash
# /etc/hosts belongs to root and only root may write it.
check_hosts_file_protected() {
  local limit
  limit=$(parameter hosts_file_mode_limit) || return 1
  judge_protection root "$limit" /etc/hosts
}
