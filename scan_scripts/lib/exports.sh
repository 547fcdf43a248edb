# shellcheck shell=dash
# What an NFS server exports, and to whom: /etc/exports and its drop-ins, with continued lines, quoted
# paths and default options. "/data host (rw)" gives host nothing special and everybody rw.

exports_files() {
  ! has_file /etc/exports || printf '%s\n' /etc/exports
  matching_paths /etc/exports.d '*.exports'
}

exports() { # "<file> <path> <client, * for everybody> <options>", tabs between
  exports_files | while IFS= read -r path; do
    file_awk "$path" -v file="$path" '
      { sub(/\r$/, "") }
      /\\$/ { joined = joined substr($0, 1, length($0) - 1) " "; next }
      {
        line = joined $0
        joined = ""
        sub(/#.*$/, "", line); sub(/^[ \t]+/, "", line); sub(/[ \t]+$/, "", line)
        if (line == "") next
        if (substr(line, 1, 1) == "\"") { path = substr(line, 2); sub(/".*$/, "", path); sub(/^"[^"]*"/, "", line) }
        else { path = line; sub(/[ \t].*$/, "", path); line = substr(line, length(path) + 1) }
        n = split(line, client, /[ \t]+/)
        defaults = ""; clients = 0
        for (i = 1; i <= n; i++) {
          if (client[i] == "") continue
          if (substr(client[i], 1, 1) == "-") { defaults = substr(client[i], 2); continue }
          name = client[i]; options = ""
          if (match(name, /\(.*\)?$/)) {
            options = substr(name, RSTART + 1); sub(/\)$/, "", options)
            name = substr(name, 1, RSTART - 1)
          }
          clients++
          print file "\t" path "\t" (name == "" ? "*" : name) "\t" (options == "" ? defaults : defaults (defaults == "" ? "" : ",") options)
        }
        if (!clients) print file "\t" path "\t*\t" defaults
      }'
  done
}

open_exports() { # standard input: exports; "<path> in <file>" of those that everybody may mount
  awk -F'\t' '$3 == "*" || $3 == "0.0.0.0/0" || $3 == "::/0" || $3 == "0.0.0.0/0.0.0.0" { print $2 " in " $1 }'
}

exports_as_evidence() { # standard input: exports
  awk -F'\t' '{ print $1 ": " $2 " to " ($3 == "*" ? "everybody" : $3) ($4 == "" ? "" : " (" $4 ")") }' | evidence_lines
}
