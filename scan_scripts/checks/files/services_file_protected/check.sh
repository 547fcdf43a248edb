# shellcheck shell=dash
# /etc/services belongs to root (or bin, sys) and only its owner may write it.
check_services_file_protected() {
  local limit owners
  limit=$(parameter services_file_mode_limit) || return 1
  owners=$(parameter system_file_owners) || return 1
  judge_protection "$owners" "$limit" /etc/services
}
