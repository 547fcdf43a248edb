# shellcheck shell=dash
# No hidden file or directory stands where none belongs; what is found is for a person to explain.
check_hidden_files_reviewed() {
  local known found
  known=$(parameter known_hidden_names) || return 1
  found=$(walk_rows | awk -v known="$known" '
    BEGIN { n = split(known, word, " "); for (i = 1; i <= n; i++) listed[word[i]] = 1 }
    {
      path = $0
      sub(/^[^ ]* [^ ]* [^ ]* [^ ]* /, "", path)
      name = path
      sub(/^.*\//, "", name)
      if (substr(name, 1, 1) != "." || is_known(path)) next
      if (path ~ /^\/etc\/skel\// || !is_hidden_place(path) && !is_odd_name(name)) next
      print ($1 == "d" ? "directory" : $1 == "f" ? "file" : "other"), $2, "UID", $3, path
    }
    function is_known(path, n, part, i) { # it, or a directory above it, has a known name
      n = split(path, part, "/")
      for (i = 2; i <= n; i++) if (part[i] in listed) return 1
      return 0
    }
    '"$HIDDEN_PLACES" | readable_path)
  if [ -z "$found" ]; then
    pass "no hidden file or directory in /tmp, /var/tmp, /dev, /etc or a directory of programs, and no odd name anywhere"
    return 0
  fi
  evidence "$found"
  manual "a person must say what it is: $(printf '%s\n' "$found" | summary_of_lines)"
}
