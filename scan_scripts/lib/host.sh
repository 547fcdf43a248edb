# shellcheck shell=dash
# Who the scanned host is: lines "H <key> <value>" for the report.

os_release() { # <key>: its value in os-release, quotes removed
  local file=/etc/os-release
  has_file "$file" || file=/usr/lib/os-release
  effective_lines "$file" 2>/dev/null | awk -v key="$1" '
    index($0, key "=") == 1 {
      value = substr($0, length(key) + 2)
      gsub(/^["\047]|["\047]$/, "", value)
      print value
      exit
    }'
}

host_name() {
  if [ -z "$ROOT" ]; then
    uname -n
  else
    effective_lines /etc/hostname 2>/dev/null | awk 'NR == 1'
  fi
}

host_facts() {
  local live=false kernel=''
  if [ -z "$ROOT" ]; then
    live=true
    kernel=$(uname -r)
  fi
  printf 'H\tprofile\t%s\n' "$PROFILE"
  printf 'H\thostname\t%s\n' "$(host_name)"
  printf 'H\tos_id\t%s\n' "$(os_release ID)"
  printf 'H\tos_version\t%s\n' "$(os_release VERSION_ID)"
  printf 'H\tkernel\t%s\n' "$kernel"
  printf 'H\troot\t%s\n' "$(printf '%s' "${ROOT:-/}" | tr '\n' '?')"
  printf 'H\tlive\t%s\n' "$live"
  printf 'H\tscanner_uid\t%s\n' "$SCANNER_UID"
  printf 'H\tstarted_at\t%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
}
