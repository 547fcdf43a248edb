# shellcheck shell=dash
# Every account that can log in has a home directory of its own.
check_home_directories_exist() {
  local faults
  require_file /etc/passwd || return 0
  faults=$(home_directories login | while IFS='	' read -r name uid home; do
    if [ "$home" = - ]; then
      printf '%s has no home directory in /etc/passwd\n' "$name"
    elif [ "$home" = / ] && [ "$uid" != 0 ]; then
      printf '%s has / as its home directory\n' "$name"
    elif ! has_directory "$home"; then
      printf '%s: %s does not exist\n' "$name" "$home"
    fi
  done)
  if [ -n "$faults" ]; then
    printf '%s\n' "$faults" | evidence_lines
    fail "$(printf '%s\n' "$faults" | summary_of_lines)"
  else
    pass "every account that can log in has its home directory"
  fi
}
