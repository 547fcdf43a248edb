# shellcheck shell=dash
# Root cannot log in over SSH.
check_root_ssh_login_denied() {
  local value fault
  if ! sshd_configuration >/dev/null && ! sshd_is_installed; then
    not_applicable "no SSH server is installed"
    return 0
  fi
  sshd_setting_lines PermitRootLogin | evidence_lines
  fault=$(sshd_fault)
  if [ -n "$fault" ] && ! sshd_answers root >/dev/null; then
    error "the SSH server's configuration cannot be read wholly: $fault"
    return 0
  fi
  value=$(sshd_effective PermitRootLogin root | tr '[:upper:]' '[:lower:]')
  case $value in
    no) judge_other_connections_of_root ;;
    yes) fail "PermitRootLogin is yes: root may log in directly" ;;
    prohibit-password | without-password | forced-commands-only)
      judge_root_login_with_key "PermitRootLogin is $value"
      ;;
    '') judge_root_login_when_unset ;;
    *) error "PermitRootLogin has a value sshd does not know: $value" ;;
  esac
}

judge_root_login_when_unset() {
  if [ "$(root_login_when_unset)" = yes ]; then
    fail "PermitRootLogin is not set, and OpenSSH of this release then uses yes: root may log in directly"
  else
    judge_root_login_with_key "PermitRootLogin is not set, so OpenSSH uses prohibit-password"
  fi
}

judge_root_login_with_key() { # <finding>: the guide names no answer for key-only root logins, the profile does
  local verdict
  if root_meets yes; then
    fail "$1, and a Match block sets it to yes"
    return 0
  fi
  verdict=$(parameter verdict_for_root_login_with_key) || return 1
  case $verdict in
    fail) fail "$1: root may log in with a key" ;;
    *) manual "$1: root may log in with a key, which a person must allow or forbid" ;;
  esac
}

root_meets() { # <value>...: a Match block that some connection of root may meet sets one of them
  sshd_values PermitRootLogin user=root | awk -F'\t' -v wanted=" $* " '
    $3 != "-" && index(wanted, " " tolower($2) " ") { found = 1 }
    END { exit !found }'
}

judge_other_connections_of_root() { # PermitRootLogin is no from an address that the files do not name
  local options
  options=$(sshd_command_line_options)
  if root_meets yes; then
    fail "PermitRootLogin is no, but a Match block sets it to yes"
  elif root_meets prohibit-password without-password forced-commands-only; then
    manual "PermitRootLogin is no, but a Match block lets root log in with a key"
  elif [ -n "$options" ]; then
    evidence "$options"
    manual "PermitRootLogin is no in the file, but the service is started with options of its own"
  else
    pass "PermitRootLogin is no"
  fi
}
