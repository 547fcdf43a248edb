# shellcheck shell=dash
# Whoever logs in is warned first, at the console and over SSH.
check_login_banner_set() {
  local console ssh
  console=$(banner_state /etc/issue /etc/motd)
  ssh=none
  if sshd_configuration >/dev/null || sshd_is_installed; then
    ssh=$(ssh_banner_state)
  fi
  evidence "at the console: $console; over SSH: $ssh (warning, text, missing or none)"
  case "$console.$ssh" in
    warning.warning | warning.none) pass "a warning is shown before or at login" ;;
    *missing*) fail "no warning is shown $(missing_places "$console" "$ssh")" ;;
    *) manual "a text is shown at login; a person must say whether it is a warning" ;;
  esac
}

missing_places() { # <state at the console> <state over SSH>
  case "$1.$2" in
    missing.missing) printf 'at the console or over SSH\n' ;;
    missing.*) printf 'at the console\n' ;;
    *) printf 'over SSH\n' ;;
  esac
}

ssh_banner_state() {
  local banner
  banner=$(sshd_setting Banner)
  case $banner in
    /*) banner_state "$banner" /etc/motd ;;
    *) banner_state /etc/motd ;;
  esac
}

banner_state() { # <path>...: warning, text (of somebody's own) or missing; what distributions ship is no text
  local path
  for path in "$@"; do
    ! has_file "$path" || file_text "$path"
  done | awk '
    { line = tolower($0) }
    line ~ /gnu\/linux|kernel \\|\\[a-z]|ubuntu|rocky linux|amazon linux|red hat|centos|free software|warranty|permitted by|applicable law|distribution terms|copyright/ { next }
    line ~ /unauthori[sz]ed|authori[sz]ed (user|use|access|person)|warning|monitored|prosecut/ { warning = 1 }
    /무단|경고|비인가|인가된|허가|승인|처벌/ { warning = 1 }
    split(line, word, /[ \t]+/) >= 3 { text = 1 }
    END { print warning ? "warning" : text ? "text" : "missing" }'
}
