# shellcheck shell=dash
# No .rhosts or hosts.equiv lets another host's users in without a password.
check_no_rhosts_or_hosts_equiv() {
  local limit services found
  limit=$(parameter trusted_hosts_file_mode_limit) || return 1
  require_file /etc/passwd || return 0
  found=$(trusted_hosts_files)
  if [ -z "$found" ]; then
    pass "there is no hosts.equiv, shosts.equiv, .rhosts or .shosts"
    return 0
  fi
  services=$(service_findings "$R_SERVICE_UNITS" "$R_SERVICE_NAMES" "$R_SERVICE_PROCESSES")
  printf '%s\n' "$services" | awk '$0 != ""' | evidence_lines
  printf '%s\n' "$found" | while IFS='	' read -r owner path; do
    printf '%s\n' "$path" | inspect_protection "$owner" "$limit"
    if effective_lines "$path" | awk '/^\+/ { found = 1 } END { exit !found }'; then
      printf '%s trusts everybody (+)\n' "$path" >>"$OUT/faults"
    fi
  done
  if [ -e "$OUT/faults" ] && [ -z "$services" ] && [ ! -e "$OUT/unreadable" ]; then
    evidence_lines <"$OUT/faults"
    manual "the r services are off, but a file is ready for them: $(summary_of_lines <"$OUT/faults")"
  else
    conclude_protection "file of trusted hosts"
  fi
}

trusted_hosts_files() { # "<owner><tab><path>"
  local path name home
  for path in /etc/hosts.equiv /etc/ssh/shosts.equiv /etc/shosts.equiv; do
    ! has_path "$path" || printf 'root\t%s\n' "$path"
  done
  homes_that_exist all | while IFS='	' read -r name _ home; do
    case $home in
      /) home='' ;;
    esac
    for path in "$home/.rhosts" "$home/.shosts"; do
      ! has_file "$path" || printf '%s\t%s\n' "$name" "$path"
    done
  done | sort -u
}
