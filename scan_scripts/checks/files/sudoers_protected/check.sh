# shellcheck shell=dash
# Who may use sudo is written by root only and not readable by everybody.
check_sudoers_protected() {
  local limit
  limit=$(parameter sudoers_mode_limit) || return 1
  {
    printf '%s\n' /etc/sudoers
    matching_paths /etc/sudoers.d '*'
  } | inspect_protection root "$limit"
  conclude_protection "sudoers file, sudo is not installed"
}
