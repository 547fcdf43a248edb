# shellcheck shell=dash
# Ordinary users cannot run or hold up the mail queue.
check_mail_queue_commands_restricted() {
  FORBIDDEN_BITS=$(parameter mail_queue_command_forbidden_bits) || return 1
  judge_servers mail queue_commands
  conclude_servers mail "ordinary users cannot handle the mail queue"
}

queue_commands() { # <product>: "<verdict> <why>"
  case $1 in
    sendmail)
      if ! sendmail_file >/dev/null; then
        printf 'manual sendmail.cf was not found\n'
      elif sendmail_privacy | grep -qx restrictqrun; then
        printf 'pass Sendmail: PrivacyOptions has restrictqrun\n'
      else
        printf 'fail Sendmail: PrivacyOptions lacks restrictqrun (goaway does not bring it)\n'
      fi
      ;;
    postfix) queue_command /usr/sbin/postsuper ;;
    exim) queue_command /usr/sbin/exiqgrep ;;
  esac
}

queue_command() { # <path>
  local metadata
  if ! has_file "$1"; then
    printf 'pass %s is not installed\n' "$1"
  elif ! metadata=$(file_metadata "$1"); then
    printf 'manual the mode of %s cannot be read\n' "$1"
  elif mode_has_any "${metadata%% *}" "$FORBIDDEN_BITS"; then
    printf 'fail %s has mode %s, so others may run it (as distributions ship it)\n' "$1" "${metadata%% *}"
  else
    printf 'pass %s has mode %s\n' "$1" "${metadata%% *}"
  fi
}
