# shellcheck shell=dash
# Every set-UID and set-GID file is one the profile accepts; any other came with a package or is a finding.
check_setuid_files_reviewed() {
  local accepted found strangers writable
  accepted=$(parameter accepted_setuid_files) || return 1
  found=$(walk_rows | awk '
    $1 == "f" && length($2) > 3 && substr($2, length($2) - 3, 1) >= 2 {
      path = $0
      sub(/^[^ ]* [^ ]* [^ ]* [^ ]* /, "", path)
      print $2, path
    }')
  printf '%s\n' "$found" | awk '$0 != ""' | readable_path | evidence_lines
  writable=$(printf '%s\n' "$found" | awk 'substr($1, length($1)) % 4 >= 2' | readable_path)
  found=$(printf '%s\n' "$found" | awk -v accepted="$accepted" '
    BEGIN { n = split(accepted, name, " "); for (i = 1; i <= n; i++) listed[name[i]] = 1 }
    $0 != "" { sub(/^[^ ]* /, ""); if (!($0 in listed)) print }')
  strangers=$(printf '%s\n' "$found" | without_packaged | readable_path)
  if [ -n "$writable" ]; then
    fail "set-UID or set-GID and writable by everybody: $(printf '%s\n' "$writable" | summary_of_lines)"
  elif [ -n "$strangers" ] && has_directory /var/lib/dpkg/info; then
    fail "set-UID or set-GID files of no package: $(printf '%s\n' "$strangers" | summary_of_lines)"
  elif [ -n "$found" ]; then
    manual "not on the profile's list: $(printf '%s\n' "$found" | readable_path | summary_of_lines)"
  else
    pass "every set-UID and set-GID file is on the profile's list"
  fi
}

without_packaged() { # standard input: paths; those that no installed Debian package names
  local directory
  directory=$(in_root /var/lib/dpkg/info)
  if [ ! -d "$directory" ]; then
    cat
    return 0
  fi
  # A package may name /bin/su although /bin is a link to /usr/bin.
  cat >"$WORK/setuid"
  cat "$directory"/*.list 2>/dev/null | awk -v paths="$WORK/setuid" '
    BEGIN {
      while ((getline path < paths) > 0) {
        if (path == "") continue
        open[path] = path
        short = path
        if (sub(/^\/usr\//, "/", short)) open[short] = path
      }
    }
    $0 in open { named[open[$0]] = 1 }
    END { for (path in open) if (!(open[path] in named) && open[path] == path) print path }' | sort
}
