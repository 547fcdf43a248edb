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
  local directory name
  for name in "$1" "${1%%@*}@.${1##*.}"; do
    for directory in $UNIT_DIRECTORIES; do
      resolve "$directory/$name" || continue
      if [ "$RESOLVED" = "$ROOT/dev/null" ]; then
        return 1
      elif [ -f "$RESOLVED" ]; then
        [ -s "$RESOLVED" ] || return 1
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

start_links() { # every link that starts a unit
  local directory place
  for directory in $UNIT_DIRECTORIES; do
    has_directory "$directory" || continue
    for place in "$RESOLVED"/*.wants "$RESOLVED"/*.requires "$RESOLVED"/*.upholds; do
      [ -e "$place" ] || [ -L "$place" ] || continue
      matching_paths "$directory/${place##*/}" '*'
    done
  done
}

find_started_units() { # once for all checks of a scan: $WORK/started/UNIT, for instances also NAME@.service, "<unit> <first link>" a line
  [ ! -d "$WORK/started" ] || return 0
  mkdir "$OUT/started"
  start_links | awk -v directory="$OUT/started" '
    function add(name) {
      print unit "\t" $0 >>(directory "/" name)
      close(directory "/" name)
    }
    {
      unit = $0
      sub(/^.*\//, "", unit)
      if (unit in seen) next
      seen[unit] = 1
      add(unit)
      template = unit
      sub(/@.*\./, "@.", template)
      if (template != unit) add(template)
    }'
  mv "$OUT/started" "$WORK/started"
}

enabled_units() { # <units, NAME@.service for its instances>: "<unit> is enabled by <link>" of those that start by themselves
  local wanted unit link
  find_started_units
  for wanted in $1; do
    [ -e "$WORK/started/$wanted" ] || continue
    while IFS='	' read -r unit link; do
      unit_file "$unit" >/dev/null || continue
      printf '%s is enabled by %s\n' "$unit" "$link"
    done <"$WORK/started/$wanted"
  done
}

started_scripts() { # <units>: SysV start links of the same names, as far as no unit replaces them
  local name directory
  has_directory /etc/init.d || return 0
  for name in $1; do
    name=${name%.service}
    name=${name%.socket}
    has_file "/etc/init.d/$name" || continue
    unit_file "$name.service" >/dev/null && continue
    matching_paths /etc "rc[2-5].d" | while IFS= read -r directory; do
      matching_paths "$directory" "S[0-9][0-9]$name"
    done | awk -v name="$name" 'NR == 1 { print name " is started by " $0 }'
  done
}

super_server_is_on() { # <inetd|xinetd>: enabled, or running on the running host; looked up once for all checks of a scan
  if [ ! -e "$WORK/super_server.$1.on" ] && [ ! -e "$WORK/super_server.$1.off" ]; then
    if finds_super_server "$1"; then
      : >"$WORK/super_server.$1.on"
    else
      : >"$WORK/super_server.$1.off"
    fi
  fi
  [ -e "$WORK/super_server.$1.on" ]
}

finds_super_server() { # <inetd|xinetd>
  local units processes
  if [ "$1" = xinetd ]; then
    units='xinetd.service' processes='xinetd'
  else
    units='inetd.service openbsd-inetd.service inetutils-inetd.service rlinetd.service'
    processes='inetd inetutils-inetd rlinetd'
  fi
  [ -n "$(enabled_units "$units")$(started_scripts "$units")$(running_processes "$processes")" ]
}

inetd_entries() { # <service names>: live lines of inetd's files
  local path
  has_file /etc/inetd.conf || has_directory /etc/inetd.d || return 0
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
  has_file /etc/xinetd.conf || has_directory /etc/xinetd.d || return 0
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
  local name process
  [ -z "$ROOT" ] && [ -n "$1" ] || return 0
  find_processes
  for name in $1; do
    [ -e "$WORK/processes/$name" ] || continue
    while read -r process; do
      printf '%s is running (process %s)\n' "$name" "$process"
    done <"$WORK/processes/$name"
  done
}

find_processes() { # once for all checks of a scan: $WORK/processes/NAME holds the processes of that name
  local comm name
  [ ! -d "$WORK/processes" ] || return 0
  mkdir "$OUT/processes"
  for comm in /proc/[0-9]*/comm; do
    read -r name 2>/dev/null <"$comm" || continue
    case $name in
      # No server has such a name, and no file could.
      '' | .* | */*) continue ;;
    esac
    comm=${comm#/proc/}
    printf '%s\n' "${comm%/comm}" >>"$OUT/processes/$name"
  done
  mv "$OUT/processes" "$WORK/processes"
}

listening_ports() { # <tcp:port or udp:port words>: those that listen beyond loopback, on the running host only
  [ -z "$ROOT" ] && [ -n "$1" ] || return 0
  cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | open_ports tcp "$1"
  cat /proc/net/udp /proc/net/udp6 2>/dev/null | open_ports udp "$1"
}

open_ports() { # <tcp|udp> <tcp:port or udp:port words>: standard input: the kernel's table of sockets
  awk -v protocol="$1" -v words="$2" '
    BEGIN {
      n = split(words, word, " ")
      for (i = 1; i <= n; i++) {
        split(word[i], part, ":")
        if (part[1] == protocol) wanted[sprintf("%04X", part[2])] = part[2]
      }
    }
    protocol == "udp" || $4 == "0A" {
      split($2, local, ":")
      if (!(local[2] in wanted) || (local[2] in seen)) next
      if (local[1] ~ /^(0100007F|00000000000000000000000001000000)$/) next
      seen[local[2]] = 1
      print "something listens on " wanted[local[2]] "/" protocol
    }'
}

service_findings() { # <units> <inetd names> <processes>: every way in which it is on; evidence of entries that are dead
  local super entries
  enabled_units "$1"
  started_scripts "$1"
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
    evidence "$found"
    fail "$1: $(printf '%s\n' "$found" | summary_of_lines)"
  elif [ -n "$ports" ]; then
    evidence "$ports"
    manual "$1 is not enabled, but its port is used: $(printf '%s\n' "$ports" | summary_of_lines)"
  else
    pass "$1 is neither enabled nor offered"
  fi
}
