# shellcheck shell=dash
# Who the scanned host is: lines "H <key> <value>" for the report.

os_release() { # <key>...: the value of each in os-release, quotes removed, one a line
  local file=/etc/os-release
  has_file "$file" || file=/usr/lib/os-release
  has_file "$file" || return 0
  effective_lines "$file" 2>/dev/null | awk -v keys="$*" '
    BEGIN { n = split(keys, key, " ") }
    {
      for (k = 1; k <= n; k++) {
        if (k in value || index($0, key[k] "=") != 1) continue
        value[k] = substr($0, length(key[k]) + 2)
        gsub(/^["\047]|["\047]$/, "", value[k])
      }
    }
    END { for (k = 1; k <= n; k++) print value[k] }'
}

release_name() { # "<id>-<version>" of os-release, "-" where it says neither
  local id='' version=''
  os_release ID VERSION_ID | {
    IFS= read -r id
    IFS= read -r version
    printf '%s-%s\n' "$id" "$version"
  }
}

host_name() {
  local name=''
  if [ -z "$ROOT" ]; then
    uname -n
  elif has_file /etc/hostname; then
    effective_lines /etc/hostname 2>/dev/null | {
      IFS= read -r name
      printf '%s\n' "$name"
    }
  fi
}

host_facts() {
  local live=false kernel='' root=${ROOT:-/} id='' version=''
  if [ -z "$ROOT" ]; then
    live=true
    kernel=$(uname -r)
  fi
  case $root in
    *'
'*) root=$(printf '%s' "$root" | tr '\n' '?') ;;
  esac
  printf 'H\tprofile\t%s\n' "$PROFILE"
  printf 'H\thostname\t%s\n' "$(host_name)"
  os_release ID VERSION_ID | {
    IFS= read -r id
    IFS= read -r version
    printf 'H\tos_id\t%s\nH\tos_version\t%s\n' "$id" "$version"
  }
  printf 'H\tkernel\t%s\n' "$kernel"
  printf 'H\troot\t%s\n' "$root"
  printf 'H\tlive\t%s\n' "$live"
  printf 'H\tscanner_uid\t%s\n' "$SCANNER_UID"
  printf 'H\tstarted_at\t%s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
}
