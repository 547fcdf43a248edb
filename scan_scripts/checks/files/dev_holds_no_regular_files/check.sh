# shellcheck shell=dash
# /dev holds devices only; a regular file there hides behind a device's name.
check_dev_holds_no_regular_files() {
  local found
  found=$(walk_rows | awk '
    $1 == "f" {
      path = $0
      sub(/^[^ ]* [^ ]* [^ ]* [^ ]* /, "", path)
      if (path !~ /^\/dev\//) next
      if (path ~ /^\/dev\/(shm|mqueue|hugepages|\.udev|\.lxc|\.mount|pts)\//) next
      print path
    }' | readable_path)
  if [ -n "$found" ]; then
    evidence "$found"
    fail "regular file in /dev: $(printf '%s\n' "$found" | summary_of_lines)"
  else
    pass "/dev holds no regular file (shared memory and message queues are not devices and were left out)"
  fi
}
