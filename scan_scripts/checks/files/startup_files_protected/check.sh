# shellcheck shell=dash
# What starts with the system belongs to root, and other users cannot change it.
check_startup_files_protected() {
  local limit
  limit=$(parameter startup_file_mode_limit) || return 1
  startup_files | inspect_protection root "$limit" faults
  conclude_protection "start script or unit"
}

startup_files() { # links are judged by what they lead to
  local directory physical place
  printf '%s\n' /etc/rc.local /etc/rc.d/rc.local
  for directory in /etc/init.d /etc/rc.d/init.d; do
    matching_files "$directory"
  done
  for directory in /etc/rc.d /etc; do
    matching_paths "$directory" 'rc[0-9S].d' | while IFS= read -r place; do
      matching_files "$place"
    done
  done
  for directory in $UNIT_DIRECTORIES; do
    # Where /lib is a link to /usr/lib, the same units would be read twice.
    physical=$(in_root "$directory")
    [ "$directory" != /lib/systemd/system ] || [ "$physical" = "$ROOT$directory" ] || continue
    [ ! -L "${physical%/systemd/system}" ] || continue
    matching_files "$directory"
    matching_paths "$directory" '*.d' | while IFS= read -r place; do
      matching_files "$place"
    done
  done
}

matching_files() { # <directory>: what lies in it, directories and links to /dev/null left out
  local path physical
  matching_paths "$1" '*' | while IFS= read -r path; do
    physical=$(in_root "$path")
    [ ! -f "$physical" ] || printf '%s\n' "$path"
  done
}
