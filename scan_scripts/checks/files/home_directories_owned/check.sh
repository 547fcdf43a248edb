# shellcheck shell=dash
# A home directory belongs to its account, and other users cannot write it.
check_home_directories_owned() {
  local bits name uid home metadata owner
  bits=$(parameter home_directory_forbidden_bits) || return 1
  require_file /etc/passwd || return 0
  homes_that_exist login >"$OUT/there"
  while IFS='	' read -r name uid home; do
    # Accounts without a directory of their own are what home_directories_exist is about.
    [ "$home" != / ] || continue
    if ! metadata=$(file_metadata "$home"); then
      error "owner and mode of $home cannot be read"
      return 0
    fi
    owner=${metadata#* }
    owner=${owner%% *}
    evidence "$home: mode ${metadata%% *}, owner UID $owner, account $name (UID $uid)"
    [ "$owner" = "$uid" ] || printf '%s of %s belongs to UID %s\n' "$home" "$name" "$owner" >>"$OUT/faults"
    if mode_has_any "${metadata%% *}" "$bits"; then
      printf '%s of %s has mode %s\n' "$home" "$name" "${metadata%% *}" >>"$OUT/faults"
    fi
  done <"$OUT/there"
  if [ -e "$OUT/faults" ]; then
    fail "$(summary_of_lines <"$OUT/faults")"
  else
    pass "every home directory belongs to its account and is closed to writing by others"
  fi
}
