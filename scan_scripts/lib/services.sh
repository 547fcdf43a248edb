# shellcheck shell=dash
# Whether a network service would answer: systemd units enabled by links, entries of inetd and xinetd
# (only when that super server itself is on), start links of SysV; on the running host also processes
# by their exact name and listening ports.

UNIT_DIRECTORIES='/etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system /lib/systemd/system'

# rlogin, rsh and rexec, for every check that asks about them.
# shellcheck disable=SC2034
R_SERVICE_UNITS='rlogin.socket rsh.socket rexec.socket'
# shellcheck disable=SC2034
R_SERVICE_NAMES='login shell exec rlogin rsh rexec'
# shellcheck disable=SC2034
R_SERVICE_PROCESSES='rlogind in.rlogind rshd in.rshd rexecd in.rexecd'

unit_file() { # <unit>: its file, an instance's template; fails when it is missing or masked
  local directory path name
  for name in "$1" "${1%%@*}@.${1##*.}"; do
    for directory in $UNIT_DIRECTORIES; do
      path=$(in_root "$directory/$name") || continue
      if [ "$path" = "$ROOT/dev/null" ]; then
        return 1
      elif [ -f "$path" ]; then
        [ -s "$path" ] || return 1
        printf '%s/%s\n' "$directory" "$name"
        return 0
      fi
    done
    case $1 in
      *@*) ;;
      *) return 1 ;;
    esac
  done
  return 1
}

start_links() { # every link that starts a unit: "<unit> <link>", tab between
  local directory physical place
  for directory in $UNIT_DIRECTORIES; do
    physical=$(in_root "$directory") && [ -d "$physical" ] || continue
    for place in "$physical"/*.wants "$physical"/*.requires "$physical"/*.upholds; do
      [ -e "$place" ] || [ -L "$place" ] || continue
      matching_paths "$directory/${place##*/}" '*'
    done
  done | awk '{ unit = $0; sub(/^.*\//, "", unit); print unit "\t" $0 }'
}

known_start_links() { # the same, looked up once for all checks of a scan
  if [ ! -e "$WORK/start_links" ]; then
    start_links >"$OUT/start_links"
    mv "$OUT/start_links" "$WORK/start_links"
  fi
  cat "$WORK/start_links"
}

enabled_units() { # <units, NAME@.service for its instances>: "<unit> is enabled by <link>" of those that start by themselves
  local unit link
  known_start_links | awk -F'\t' -v units="$1" '
    BEGIN { n = split(units, wanted, " "); for (i = 1; i <= n; i++) listed[wanted[i]] = 1 }
    {
      template = $1
      sub(/@.*\./, "@.", template)
      if (!(($1 in listed) || (template in listed)) || ($1 in seen)) next
      seen[$1] = 1
      print
    }' | while IFS='	' read -r unit link; do
    unit_file "$unit" >/dev/null || continue
    printf '%s is enabled by %s\n' "$unit" "$link"
  done
}

started_scripts() { # <names>: SysV start links, as far as no unit of the same name replaces them
  local name directory
  for name in $1; do
    has_file "/etc/init.d/$name" || continue
    unit_file "$name.service" >/dev/null && continue
    matching_paths /etc "rc[2-5].d" | while IFS= read -r directory; do
      matching_paths "$directory" "S[0-9][0-9]$name"
    done | awk -v name="$name" 'NR == 1 { print name " is started by " $0 }'
  done
}

unit_names() { # <units>: the same without .service, .socket
  printf '%s\n' "$1" | awk '{ gsub(/\.(service|socket)/, ""); print }'
}

super_server_is_on() { # <inetd|xinetd>: enabled, or running on the running host
  local units processes
  if [ "$1" = xinetd ]; then
    units='xinetd.service' processes='xinetd'
  else
    units='inetd.service openbsd-inetd.service inetutils-inetd.service rlinetd.service'
    processes='inetd inetutils-inetd rlinetd'
  fi
  [ -n "$(enabled_units "$units")$(started_scripts "$(unit_names "$units")")$(running_processes "$processes")" ]
}

inetd_entries() { # <service names>: live lines of inetd's files
  local path
  {
    printf '%s\n' /etc/inetd.conf
    matching_paths /etc/inetd.d '*'
  } | while IFS= read -r path; do
    has_file "$path" || continue
    effective_lines "$path" | awk -v names="$1" -v path="$path" '
      BEGIN { n = split(names, wanted, " "); for (i = 1; i <= n; i++) listed[wanted[i]] = 1 }
      { service = $1; sub(/^.*:/, "", service); sub(/\/.*$/, "", service) }
      NF >= 6 && service in listed { print service " is offered by inetd (" path ")" }'
  done
}

xinetd_entries() { # <service names>: blocks of xinetd's files that are not disabled
  local path
  {
    printf '%s\n' /etc/xinetd.conf
    matching_paths /etc/xinetd.d '*'
  } | while IFS= read -r path; do
    has_file "$path" || continue
    effective_lines "$path" | awk -v path="$path" '{ gsub(/[={}]/, " & "); print path, $0 }'
  done | awk -v names="$1" '
    BEGIN { n = split(names, wanted, " "); for (i = 1; i <= n; i++) listed[wanted[i]] = 1 }
    $2 == "service" { service = $3; disabled = "no"; file = $1 }
    $2 == "defaults" { service = "defaults" }
    $2 == "disable" && service != "" { disabled = tolower($4) }
    $2 == "disabled" && service == "defaults" { for (i = 4; i <= NF; i++) off[$i] = 1 }
    $2 == "}" {
      if (service in listed && disabled != "yes") found[service] = file
      service = ""
    }
    END { for (service in found) if (!(service in off)) print service " is offered by xinetd (" found[service] ")" }'
}

running_processes() { # <names>: exact names of processes, on the running host only
  [ -z "$ROOT" ] && [ -n "$1" ] || return 0
  if [ ! -e "$WORK/processes" ]; then
    process_names >"$OUT/processes"
    mv "$OUT/processes" "$WORK/processes"
  fi
  awk -F'\t' -v names="$1" '
    BEGIN { n = split(names, wanted, " "); for (i = 1; i <= n; i++) listed[wanted[i]] = 1 }
    $2 in listed { print $2 " is running (process " $1 ")" }' "$WORK/processes"
}

process_names() { # "<process> <name>", tab between, of what runs when it is first asked for
  local comm name
  for comm in /proc/[0-9]*/comm; do
    read -r name 2>/dev/null <"$comm" || continue
    comm=${comm#/proc/}
    printf '%s\t%s\n' "${comm%/comm}" "$name"
  done
}

listening_ports() { # <tcp:port or udp:port words>: those that listen beyond loopback, on the running host only
  local wanted protocol port file
  [ -z "$ROOT" ] || return 0
  for wanted in $1; do
    protocol=${wanted%%:*}
    port=$(printf '%04X' "${wanted#*:}")
    for file in "/proc/net/$protocol" "/proc/net/${protocol}6"; do
      [ ! -r "$file" ] || awk -v port="$port" -v protocol="$protocol" -v number="${wanted#*:}" '
        NR > 1 && (protocol == "udp" || $4 == "0A") {
          split($2, local, ":")
          if (local[2] == port && local[1] !~ /^(0100007F|00000000000000000000000001000000)$/) {
            print "something listens on " number "/" protocol
            exit
          }
        }' "$file"
    done
  done | sort -u
}

service_findings() { # <units> <inetd names> <processes>: every way in which it is on; evidence of entries that are dead
  local super entries
  enabled_units "$1"
  started_scripts "$(unit_names "$1")"
  running_processes "$3"
  [ -n "$2" ] || return 0
  for super in inetd xinetd; do
    ! super_server_is_on "$super" || counts_as_used "$super"
    entries=$("${super}_entries" "$2")
    [ -n "$entries" ] || continue
    if super_server_is_on "$super"; then
      printf '%s\n' "$entries"
    else
      printf '%s\n' "$entries" | awk -v super="$super" '{ print $0 ", but " super " is off" }' | evidence_lines
    fi
  done
}

judge_services_off() { # <label> <units> <inetd names> <processes> <ports>: the verdict of "nothing of this is on"
  local found ports
  found=$(service_findings "$2" "$3" "$4")
  ports=$(listening_ports "$5")
  if [ -n "$found" ]; then
    printf '%s\n' "$found" | evidence_lines
    fail "$1: $(printf '%s\n' "$found" | summary_of_lines)"
  elif [ -n "$ports" ]; then
    printf '%s\n' "$ports" | evidence_lines
    manual "$1 is not enabled, but its port is used: $(printf '%s\n' "$ports" | summary_of_lines)"
  else
    pass "$1 is neither enabled nor offered"
  fi
}
