# shellcheck shell=dash
# Messages of the kinds the policy names are written, by a syslog daemon that starts with the host.
check_system_logging_configured() {
  local required daemon missing
  required=$(parameter required_log_selectors) || return 1
  daemon=$(products_in_use rsyslog syslog-ng | awk 'NR == 1')
  case $daemon in
    rsyslog) judge_rsyslog "$required" ;;
    syslog-ng) manual "syslog-ng is enabled; its filters must be read by a person against the logging policy" ;;
    *) judge_journal ;;
  esac
}

judge_rsyslog() { # <required facility.priority words>
  local rules missing
  require_file /etc/rsyslog.conf || return 0
  rules=$(rsyslog_files | while IFS= read -r path; do rsyslog_rules "$path"; done)
  printf '%s\n' "$rules" | awk -F'\t' '$1 == "rule" { print $2 ": " $3 " to " $4 }' | evidence_lines
  missing=$(printf '%s\n' "$rules" | selectors_without_rule "$1")
  if [ -n "$missing" ] && [ -n "$(printf '%s\n' "$rules" | awk -F'\t' '$1 == "script"')" ]; then
    manual "no selector writes $missing, and conditions in rsyslog's script language must be read by a person"
  elif [ -n "$missing" ]; then
    fail "rsyslog writes no messages of $missing"
  elif [ -z "$ROOT" ] && [ -z "$(running_processes rsyslogd)" ]; then
    fail "rsyslog is enabled, but does not run"
  else
    pass "rsyslog is enabled and writes messages of $1"
  fi
}

rsyslog_files() { # in the order rsyslog reads them is not needed: every rule counts
  printf '%s\n' /etc/rsyslog.conf
  effective_lines /etc/rsyslog.conf | awk '
    tolower($1) == "$includeconfig" { print $2 }
    /^include\(/ && match($0, /file="[^"]*"/) { print substr($0, RSTART + 6, RLENGTH - 7) }
  ' | while IFS= read -r pattern; do
    matching_paths "${pattern%/*}" "${pattern##*/}"
  done
}

rsyslog_rules() { # <path>: "rule <file> <selector> <action>" and "script <file> <line>", tabs between
  effective_lines "$1" | awk -v path="$1" '
    /^(if|\}|else|action\(|ruleset\(|call |stop)/ { if (/^if/) print "script\t" path "\t" $0; next }
    $1 ~ /^[A-Za-z0-9*,]+\.[=!]?[A-Za-z*]+(;[A-Za-z0-9*,]+\.[=!]*[A-Za-z*]+)*;?$/ && NF > 1 {
      action = $0
      sub(/^[^ \t]+[ \t]+/, "", action)
      if (action ~ /^(~|stop)/) next
      print "rule\t" path "\t" $1 "\t" action
    }'
}

selectors_without_rule() { # <required words>: standard input: rsyslog_rules; those that no rule writes, commas between
  awk -F'\t' -v required="$1" '
    BEGIN {
      n = split("debug info notice warning err crit alert emerg", word, " ")
      for (i = 1; i <= n; i++) level[word[i]] = i
      level["warn"] = level["warning"]; level["error"] = level["err"]; level["panic"] = level["emerg"]
      wanted = split(required, want, " ")
    }
    # Selectors of one rule are read from left to right; a later one may take back what an earlier one gave.
    function accepts(selectors, facility, priority, n, i, part, dot, list, names, f, hit, sign, on) {
      on = 0
      n = split(selectors, part, ";")
      for (i = 1; i <= n; i++) {
        dot = index(part[i], ".")
        if (!dot) continue
        list = "," tolower(substr(part[i], 1, dot - 1)) ","
        if (list != ",*," && index(list, "," facility ",") == 0) continue
        names = tolower(substr(part[i], dot + 1))
        sign = ""
        while (names ~ /^[=!]/) { sign = sign substr(names, 1, 1); names = substr(names, 2) }
        if (names == "none") { on = 0; continue }
        hit = names == "*" || (sign ~ /=/ ? level[priority] == level[names] : level[priority] >= level[names])
        if (sign ~ /!/) { if (hit) on = 0 }
        else if (hit) on = 1
      }
      return on
    }
    $1 == "rule" {
      for (w = 1; w <= wanted; w++) {
        split(want[w], half, ".")
        if (accepts($3, half[1], half[2])) written[w] = 1
      }
    }
    END {
      for (w = 1; w <= wanted; w++) if (!(w in written)) { printf "%s%s", separator, want[w]; separator = ", " }
      print ""
    }'
}

judge_journal() { # a host with journald only
  local storage
  storage=$(journal_storage)
  evidence "no syslog daemon is enabled; systemd-journald keeps its log: ${storage}"
  case $storage in
    persistent*) manual "only the journal is kept, on disk; a person must say whether that is what the logging policy asks" ;;
    unknown) fail "no syslog daemon is enabled, and there is no systemd-journald" ;;
    *) fail "no syslog daemon is enabled, and the journal is lost at every start ($storage)" ;;
  esac
}

journal_storage() { # persistent, volatile, none, auto without directory, unknown
  local path value
  if ! has_file /usr/lib/systemd/systemd-journald && ! has_file /lib/systemd/systemd-journald &&
    ! has_file /etc/systemd/journald.conf && ! has_directory /var/log/journal; then
    printf 'unknown\n'
    return 0
  fi
  value=$({
    printf '%s\n' /usr/lib/systemd/journald.conf /etc/systemd/journald.conf
    for path in /usr/lib/systemd/journald.conf.d /run/systemd/journald.conf.d /etc/systemd/journald.conf.d; do
      matching_paths "$path" '*.conf'
    done
  } | while IFS= read -r path; do
    ! has_file "$path" || effective_lines "$path"
  done | awk -F= '$1 == "Storage" { value = tolower($2) } END { print value }')
  case ${value:-auto} in
    auto)
      if has_directory /var/log/journal; then
        printf 'persistent (auto, and /var/log/journal exists)\n'
      else
        printf 'auto, and there is no /var/log/journal\n'
      fi
      ;;
    *) printf '%s\n' "$value" ;;
  esac
}
