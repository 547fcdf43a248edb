# shellcheck shell=dash
# The owner and the group of every file and directory exist.
check_every_file_has_owner() {
  local found elsewhere
  found=$(unowned_rows)
  if [ -z "$found" ]; then
    pass "every file and directory has an existing owner and group"
    return 0
  fi
  printf '%s\n' "$found" | readable_path | evidence_lines
  elsewhere=$(accounts_from_elsewhere | tr '\n' ' ')
  if [ -n "$elsewhere" ]; then
    manual "owners not in the local files, perhaps from ${elsewhere% }: $(printf '%s\n' "$found" | readable_path | summary_of_lines)"
  elif [ -z "$(printf '%s\n' "$found" | awk '$1 != "dynamic"')" ]; then
    manual "owners of service accounts that systemd makes as needed: $(printf '%s\n' "$found" | readable_path | summary_of_lines)"
  else
    fail "no such owner or group: $(printf '%s\n' "$found" | awk '$1 != "dynamic"' | readable_path | summary_of_lines)"
  fi
}

unowned_rows() { # "<dynamic|unknown> UID <uid> GID <gid> <path>"
  local passwd group
  passwd=$(in_root /etc/passwd)
  group=$(in_root /etc/group)
  walk_rows | awk -v passwd="$passwd" -v group="$group" '
    function is_dynamic(id) { return id >= 61184 && id <= 65519 }
    BEGIN {
      while ((getline line < passwd) > 0) { split(line, field, ":"); uids[field[3]] = 1 }
      while ((getline line < group) > 0) { split(line, field, ":"); gids[field[3]] = 1 }
    }
    !($3 in uids) || !($4 in gids) {
      path = $0
      sub(/^[^ ]* [^ ]* [^ ]* [^ ]* /, "", path)
      known = ($3 in uids || is_dynamic($3)) && ($4 in gids || is_dynamic($4))
      print (known ? "dynamic" : "unknown"), "UID", $3, "GID", $4, path
    }'
}
