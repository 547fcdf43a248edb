# shellcheck shell=dash
# Whoever logs in is warned first: at the console, over SSH, and by each Telnet, FTP, mail and DNS server in use.
check_login_banner_set() {
  {
    printf '%s\tthe console\n' "$(files_state /etc/issue /etc/motd)"
    if sshd_configuration >/dev/null || sshd_is_installed; then
      printf '%s\tSSH\n' "$(ssh_banner_state)"
    fi
    service_banner_states
  } >"$OUT/states"
  awk -F'\t' '{ print $2 ": " $1 " (warning, text or missing)" }' "$OUT/states" | evidence_lines
  if grep -q '^missing' "$OUT/states"; then
    fail "no warning is shown by $(places_of missing)"
  elif grep -q '^text' "$OUT/states"; then
    manual "a person must say whether what is shown warns: $(places_of text)"
  else
    pass "a warning is shown before or at login"
  fi
}

places_of() { # <state>
  awk -F'\t' -v state="$1" '
    $1 == state { printf "%s%s", separator, $2; separator = " and " }
    END { print "" }' "$OUT/states"
}

ssh_banner_state() {
  local banner
  banner=$(sshd_effective Banner)
  case $banner in
    /*) files_state "$banner" /etc/motd ;;
    *) files_state /etc/motd ;;
  esac
}
