# shellcheck shell=dash
# Work that may hang runs guarded: niced, in a session of its own, watched by one watchdog process
# that ends it when its time is over and cleans up when the scanner itself is killed.

find_guards() { # sets GENTLY and OWN_SESSION, the words put before a guarded command, and INTERPRETER
  # Nearly everywhere one command tells that all of them work.
  GENTLY='nice -n 19 ionice -c 2 -n 7' OWN_SESSION=setsid
  # shellcheck disable=SC2086  # these are lists of words
  INTERPRETER=$($GENTLY $OWN_SESSION readlink "/proc/$$/exe" 2>/dev/null) && [ -x "$INTERPRETER" ] || find_each_guard
  case $INTERPRETER in
    */busybox*) INTERPRETER="$INTERPRETER sh" ;;
  esac
  # The watchdog must end processes the way they were started.
  export OWN_SESSION
}

find_each_guard() { # the same, by asking for one after the other
  local gently=''
  OWN_SESSION=''
  if nice -n 19 true 2>/dev/null; then gently='nice -n 19'; fi
  if ionice -c 2 -n 7 true 2>/dev/null; then gently="$gently ionice -c 2 -n 7"; fi
  GENTLY=$gently
  if setsid true 2>/dev/null; then OWN_SESSION=setsid; fi
  INTERPRETER=$(readlink "/proc/$$/exe" 2>/dev/null) || INTERPRETER=''
  [ -x "$INTERPRETER" ] || INTERPRETER='sh'
}

start_again() { # <words to put before it> <internal command> <argument>...: this script once more, in a session of its own
  local before=$1
  shift
  # shellcheck disable=SC2086  # these are lists of words
  exec $before $OWN_SESSION $INTERPRETER "$SELF" "$@"
}

descendants() { # <pid>: its children, their children and so on
  local stat
  for stat in /proc/[0-9]*/stat; do
    cat "$stat" 2>/dev/null
  done | awk -v top="$1" '
    { pid = $1; sub(/^.*\) /, ""); parent[pid] = $2 }
    END {
      for (pid in parent)
        for (up = parent[pid]; up in parent && up > 1; up = parent[up])
          if (up == top) { print pid; break }
    }'
}

stop_processes() { # <pid of a guarded process>: ends it and everything it started
  if [ -n "$OWN_SESSION" ]; then
    kill -s KILL -- "-$1" 2>/dev/null
  else
    stop_tree "$1"
  fi
  kill -s KILL "$1" 2>/dev/null
}

stop_tree() { # <pid>: first halts everything, so that nothing new is started, then ends it
  local pid before='' now
  kill -s STOP "$1" 2>/dev/null || return 0
  while now=$(descendants "$1") && [ "$now" != "$before" ]; do
    for pid in $now; do
      kill -s STOP "$pid" 2>/dev/null
    done
    before=$now
  done
  for pid in $now; do
    kill -s KILL "$pid" 2>/dev/null
  done
}

run_guarded() { # <label> <seconds, '' when the work sets its own> <internal command> <argument>...: its status; 124 when time was over
  local label=$1 seconds=$2 pid status
  shift 2
  start_again "$GENTLY" "$@" </dev/null >/dev/null 2>"$WORK/$label.stderr" &
  pid=$!
  GUARDED=$pid
  [ -z "$seconds" ] || printf '%s %s %s\n' "$pid" "$seconds" "$label" >"$WORK/watch"
  wait "$pid" 2>/dev/null
  status=$?
  : >"$WORK/watch"
  stop_processes "$pid"
  GUARDED=''
  if [ -e "$WORK/expired" ]; then
    return 124
  fi
  return "$status"
}

is_running() { # <pid>: it exists and is not a zombie
  local stat
  read -r stat 2>/dev/null <"/proc/$1/stat" || return 1
  case ${stat##*) } in
    Z* | X*) return 1 ;;
  esac
}

watch_over() { # <work directory> <pid of the scanner>: the watchdog's loop
  local pid='' seconds=0 limit label last='' last_label=''
  WORK=$1
  while is_running "$2" && [ -d "$WORK" ]; do
    pid='' limit=0 label=''
    read -r pid limit label 2>/dev/null <"$WORK/watch"
    if [ "$pid $label" != "$last $last_label" ]; then
      last=$pid last_label=$label
      seconds=0
    elif [ -n "$pid" ] && [ "$seconds" -ge "$limit" ]; then
      printf '%s\n' "$label" >"$WORK/expired"
      stop_processes "$pid"
    fi
    sleep 1
    seconds=$((seconds + 1))
  done
  # The scanner may have died between starting the work and this loop's next look.
  pid=''
  read -r pid limit label 2>/dev/null <"$WORK/watch"
  for pid in $pid $last; do
    stop_processes "$pid"
  done
  rm -rf "$WORK"
}

start_watchdog() {
  : >"$WORK/watch"
  # Not niced: on a busy host it must still come in time, and it does next to nothing.
  start_again '' __watch "$WORK" "$$" </dev/null >/dev/null 2>&1 &
  WATCHDOG=$!
}

clean_up() { # ends every process of ours and removes the private directory
  trap '' HUP INT TERM
  [ -z "${GUARDED:-}" ] || stop_processes "$GUARDED"
  if [ -n "${WATCHDOG:-}" ]; then
    stop_processes "$WATCHDOG"
    wait "$WATCHDOG" 2>/dev/null
  fi
  [ -z "${WORK:-}" ] || rm -rf "$WORK"
}

make_work_directory() {
  WORK='' GUARDED='' WATCHDOG=''
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  WORK=$(mktemp -d "${TMPDIR:-/tmp}/fleetdx-scan.XXXXXXXX") || exit 1
  cd "$WORK" && mkdir "$WORK/out" "$WORK/parameters" || exit 1
}

read_clock() { # sets NOW: hundredths of a second since the host started; without /proc, since 1970
  local up fraction
  if read -r up fraction 2>/dev/null </proc/uptime; then
    fraction=${up#*.}
    NOW=$((${up%.*} * 100 + 1$fraction - 100))
  else
    # shellcheck disable=SC2034  # who asks for the time reads it
    NOW=$(date +%s)00
  fi
}
