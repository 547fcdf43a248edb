# shellcheck shell=dash
# Nobody but owner and group can change a file, and no directory open to all lacks the sticky bit.
check_no_world_writable_files() {
  local found in_system
  found=$(world_writable_rows)
  if [ -z "$found" ]; then
    pass "no regular file and no directory without sticky bit is writable by everybody"
    return 0
  fi
  printf '%s\n' "$found" | readable_path | evidence_lines
  in_system=$(printf '%s\n' "$found" | awk '$3 ~ /^\/(etc|usr|bin|sbin|lib[0-9x]*|boot|opt)(\/|$)/' | readable_path)
  if [ -n "$in_system" ]; then
    fail "writable by everybody: $(printf '%s\n' "$in_system" | summary_of_lines)"
  else
    manual "a person must know the reason of each: $(printf '%s\n' "$found" | readable_path | summary_of_lines)"
  fi
}

world_writable_rows() { # "<type> <mode> <path>"
  walk_rows | awk '
    {
      mode = $2
      others = substr(mode, length(mode)) + 0
      sticky = length(mode) > 3 && substr(mode, length(mode) - 3, 1) % 2
      if (others % 4 < 2 || $1 != "f" && !($1 == "d" && !sticky)) next
      path = $0
      sub(/^[^ ]* [^ ]* [^ ]* [^ ]* /, "", path)
      print ($1 == "d" ? "directory" : "file"), mode, path
    }'
}
