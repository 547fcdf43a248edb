# shellcheck shell=dash
# /etc/passwd belongs to root and only root may write it.
check_passwd_file_protected() {
  local limit
  limit=$(parameter passwd_file_mode_limit) || return 1
  require_file /etc/passwd || return 0
  judge_protection root "$limit" /etc/passwd
}
