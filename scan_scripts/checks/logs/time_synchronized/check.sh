# shellcheck shell=dash
# The clock is kept by a time service that starts with the host and has servers to ask.
check_time_synchronized() {
  local allowed daemons daemon names servers strangers
  allowed=$(parameter allowed_time_servers) || return 1
  if has_file /.dockerenv || has_file /run/.containerenv; then
    not_applicable "a container has the clock of its host"
    return 0
  fi
  daemons=$(products_in_use chrony ntp timesyncd)
  if [ -z "$daemons" ]; then
    fail "no time service (chrony, ntpd, systemd-timesyncd) is enabled"
    return 0
  fi
  names=$(printf '%s' "$daemons" | tr '\n' ' ')
  servers=$(for daemon in $daemons; do time_servers "$daemon"; done)
  printf '%s\n' "$servers" | awk -F'\t' '$0 != "" { print $1 ": " $2 }' | evidence_lines
  strangers=$(printf '%s\n' "$servers" | awk -F'\t' -v allowed="$allowed" '
    BEGIN { n = split(allowed, word, " "); for (i = 1; i <= n; i++) listed[word[i]] = 1 }
    $0 != "" && !("any" in listed) && !($2 in listed) { print $2 " (" $1 ")" }')
  if [ -z "$servers" ]; then
    fail "$names is enabled, but has no time server to ask"
  elif [ -n "$strangers" ]; then
    fail "not an allowed time server: $(printf '%s\n' "$strangers" | summary_of_lines)"
  elif ! a_time_daemon_runs "$daemons"; then
    fail "$names is enabled, but does not run"
  else
    pass "$names is enabled and asks $(printf '%s\n' "$servers" | awk 'END { print NR }') server(s)"
  fi
}

a_time_daemon_runs() { # <products>: always so on an unpacked root, where nothing runs
  local product
  [ -z "$ROOT" ] || return 0
  for product in $1; do
    product_facts "$product"
    [ -z "$(running_processes "$PROCESSES")" ] || return 0
  done
  return 1
}

time_servers() { # <product>: "<file> <server>", tab between
  case $1 in
    chrony) chrony_files | server_lines ;;
    ntp) printf '%s\n' /etc/ntp.conf /etc/ntpsec/ntp.conf | server_lines ;;
    timesyncd) timesyncd_servers ;;
  esac
}

server_lines() { # standard input: paths
  local path
  while IFS= read -r path; do
    has_file "$path" || continue
    effective_lines "$path" | awk -v path="$path" '
      { word = tolower($1) }
      word ~ /^(server|pool|peer)$/ { for (i = 2; i <= NF && $i ~ /^-/; i++) ; print path "\t" $i }
      word == "refclock" { print path "\trefclock " $2 }'
  done
}

chrony_files() { # the configuration, and the directories it names
  local path word directory
  for path in /etc/chrony.conf /etc/chrony/chrony.conf; do
    has_file "$path" || continue
    printf '%s\n' "$path"
    effective_lines "$path" | awk '
      tolower($1) == "confdir" { for (i = 2; i <= NF; i++) print "*.conf " $i }
      tolower($1) == "sourcedir" { for (i = 2; i <= NF; i++) print "*.sources " $i }
      tolower($1) == "include" { directory = $2; sub(/\/[^\/]*$/, "", directory); name = $2; sub(/^.*\//, "", name); print name " " directory }
    ' | while read -r word directory; do
      matching_paths "$directory" "$word"
    done
  done
}

timesyncd_servers() { # without a line of its own it asks the servers it was built with
  local path found
  found=$({
    printf '%s\n' /etc/systemd/timesyncd.conf
    for path in /usr/lib/systemd/timesyncd.conf.d /etc/systemd/timesyncd.conf.d; do
      matching_paths "$path" '*.conf'
    done
  } | while IFS= read -r path; do
    has_file "$path" || continue
    effective_lines "$path" | awk -F= -v path="$path" '
      $1 == "NTP" || $1 == "FallbackNTP" { n = split($2, server, " "); for (i = 1; i <= n; i++) print path "\t" server[i] }'
  done)
  printf '%s\n' "${found:-systemd-timesyncd	built-in}"
}
