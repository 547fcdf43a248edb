# shellcheck shell=dash
# Root cannot log in over SSH.
check_root_ssh_login_denied() {
  local value options
  if ! sshd_configuration >/dev/null && ! sshd_is_installed; then
    not_applicable "no SSH server is installed"
    return 0
  fi
  value=$(sshd_setting PermitRootLogin | tr '[:upper:]' '[:lower:]')
  sshd_setting_lines PermitRootLogin | evidence_lines
  options=$(sshd_command_line_options)
  case $value in
    no) judge_match_blocks_for_root "$options" ;;
    yes) fail "PermitRootLogin is yes: root may log in directly" ;;
    prohibit-password | without-password | forced-commands-only)
      judge_root_login_with_key "PermitRootLogin is $value"
      ;;
    '') judge_root_login_with_key "PermitRootLogin is not set, so OpenSSH uses prohibit-password" ;;
    *) error "PermitRootLogin has a value sshd does not know: $value" ;;
  esac
}

judge_root_login_with_key() { # <finding>: the guide names no answer for key-only root logins, the profile does
  local verdict
  verdict=$(parameter verdict_for_root_login_with_key) || return 1
  case $verdict in
    fail) fail "$1: root may log in with a key" ;;
    *) manual "$1: root may log in with a key, which a person must allow or forbid" ;;
  esac
}

judge_match_blocks_for_root() { # <options of the command line>
  local exceptions
  exceptions=$(sshd_match_values PermitRootLogin | awk -F'\t' 'tolower($1) != "no" { print tolower($1) }')
  case "
$exceptions
" in
    *"
yes
"*)
      fail "PermitRootLogin is no, but a Match block sets it to yes"
      return 0
      ;;
  esac
  if [ -n "$exceptions" ]; then
    manual "PermitRootLogin is no, but a Match block lets root log in with a key"
  elif [ -n "$1" ]; then
    printf '%s\n' "$1" | evidence_lines
    manual "PermitRootLogin is no in the file, but the service is started with options of its own"
  else
    pass "PermitRootLogin is no"
  fi
}
