# shellcheck shell=dash
# /etc/shadow belongs to root and nobody else may read it.
check_shadow_file_protected() {
  local limit
  limit=$(parameter shadow_file_mode_limit) || return 1
  if ! has_path /etc/shadow; then
    fail "/etc/shadow does not exist, so passwords are not shadowed"
    return 0
  fi
  judge_protection root "$limit" /etc/shadow
}
