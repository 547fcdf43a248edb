# shellcheck shell=dash
# Files directly in /var/log belong to root and are not writable by others.
check_log_files_protected() {
  local owners limit
  owners=$(parameter log_file_owners) || return 1
  limit=$(parameter log_file_mode_limit) || return 1
  log_files | inspect_protection "$owners" "$limit" faults
  if [ -e "$OUT/inspected" ]; then
    evidence "$(awk 'END { print NR }' "$OUT/inspected") file(s) in /var/log; directories below it belong to their daemons and were not judged"
  fi
  conclude_protection "file in /var/log"
}

log_files() {
  local path physical
  matching_paths /var/log '*' | while IFS= read -r path; do
    physical=$(in_root "$path")
    [ ! -f "$physical" ] || printf '%s\n' "$path"
  done
}
