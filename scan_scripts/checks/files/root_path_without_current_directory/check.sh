# shellcheck shell=dash
# Root's PATH never names the current directory before a real one.
check_root_path_without_current_directory() {
  local home rows faults unclear
  require_file /etc/passwd || return 0
  home=$(passwd_records | awk -F: '$1 == "root" { print $6; exit }')
  rows=$(
    {
      system_shell_files
      home_shell_files "${home:-/root}"
    } | shell_statements | assignments PATH
    fixed_paths
  )
  faults=$(printf '%s\n' "$rows" | awk -F'\t' '
    $3 == "" || $3 == "marked" || $3 == "unset" { next }
    {
      value = $3
      # An expansion may hold colons of its own; it is one element here.
      gsub(/\$\{[^}]*\}/, "$expansion", value)
      gsub(/["\047]/, "", value)
      n = split(value, element, ":")
      for (i = 1; i <= n; i++) {
        if (element[i] ~ /^[\/$~`]/ || i == n && (element[i] == "" || element[i] == ".") && n > 1) continue
        print $1 ": PATH has the element \"" element[i] "\" in " $3
        break
      }
    }')
  unclear=$(printf '%s\n' "$rows" | awk -F'\t' '$3 ~ /`|\$\(/ { print $1 ": PATH=" $3 }')
  printf '%s\n' "$rows" | awk -F'\t' '$3 != "" && $3 != "marked" { print $1 ": PATH=" $3 }' | evidence_lines
  if [ -n "$faults" ]; then
    fail "$(printf '%s\n' "$faults" | summary_of_lines)"
  elif [ -n "$unclear" ]; then
    manual "PATH is computed when root logs in: $(printf '%s\n' "$unclear" | summary_of_lines)"
  else
    pass "no PATH that root gets has an empty or relative element before its end"
  fi
}

fixed_paths() { # PATH values outside of shell files: "<place> - <value>", tabs between
  local path
  for path in /etc/environment /etc/login.defs /etc/sudoers; do
    has_file "$path" || continue
    effective_lines "$path" | awk -v path="$path" '
      path == "/etc/environment" && /^(export[ \t]+)?PATH=/ { sub(/^[^=]*=/, ""); print path "\t-\t" $0 }
      $1 == "ENV_SUPATH" { value = $2; sub(/^PATH=/, "", value); print path "\t-\t" value }
      $1 == "Defaults" && /secure_path/ { sub(/^.*secure_path[ \t]*=[ \t]*/, ""); print path "\t-\t" $0 }'
  done
}
