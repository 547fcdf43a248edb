# shellcheck shell=dash
# The scan: each selected check runs guarded and ends in exactly one verdict; then the report is written.

set_path() { # keeps the caller's absolute directories first, then the system's
  local directory kept='' IFS=:
  # A directory's name is not to be taken for a pattern.
  set -f
  for directory in ${PATH:-}; do
    case $directory in
      /*) kept=$kept$directory: ;;
    esac
  done
  set +f
  PATH=$kept/usr/sbin:/usr/bin:/sbin:/bin
  export PATH
}

scan_main() { # <argument>...
  local started
  set_path
  parse_arguments "$@"
  check_arguments
  make_work_directory
  if [ -n "$PROFILE" ]; then
    profile_table "$PROFILE" >"$WORK/table" || usage_error "the profile $PROFILE or one of its checks is malformed"
    [ "$REPORT_LANGUAGE" != ko ] || titles_in_korean >"$WORK/titles" || exit 1
    write_plan
  fi
  if [ "$LIST" = true ]; then
    show_list
    exit 0
  fi
  read_clock
  started=$NOW
  SCANNER_UID=$(id -u) || SCANNER_UID=''
  host_facts >"$WORK/report"
  run_profile
  read_clock
  printf 'D\t%s0\n' $((NOW - started)) >>"$WORK/report"
  write_report "$FORMAT" <"$WORK/report" || exit 1
  if [ -n "$VERDICTS_FILE" ]; then
    printf '%s\n' "$LETTERS" >"$VERDICTS_FILE" || exit 1
  fi
  case $LETTERS in
    *e*) exit 3 ;;
    *) exit 0 ;;
  esac
}

run_profile() { # runs every selected check; sets LETTERS
  LETTERS=''
  find_guards
  start_watchdog
  make_plan_directories
  read_clock
  DEADLINE=$((NOW + 100 * SCAN_SECONDS))
  walk_if_needed
  run_all_checks
}

write_plan() { # from the table: $WORK/plan and the parameters of each check in it; sets the limits in seconds
  local unknown
  unknown=$(awk -F'\t' -v work="$WORK" -v only="$ONLY" "$PLAN_WRITER" "$WORK/table") || exit 1
  [ -z "$unknown" ] || usage_error "the profile $PROFILE has no item or check named $unknown"
  # shellcheck disable=SC2034  # the walk reads its own
  read -r CHECK_SECONDS WALK_SECONDS SCAN_SECONDS <"$WORK/limits"
}

make_plan_directories() { # one for each check of the plan; sets PLANNED and ANY_NEEDS_WALK
  local check needs_walk
  ANY_NEEDS_WALK=false
  set --
  while read -r _ check _ _ needs_walk; do
    set -- "$@" "$WORK/out/$check"
    # shellcheck disable=SC2034  # the walk reads it
    [ "$needs_walk" != true ] || ANY_NEEDS_WALK=true
  done <"$WORK/plan"
  PLANNED=$#
  [ "$PLANNED" -eq 0 ] || mkdir "$@"
}

# An awk program part: "<item> <check> <needs root> <needs live> <needs walk>" a line for what is selected; prints the first name that is none.
# shellcheck disable=SC2016  # dollars are awk's
PLAN_WRITER='
    BEGIN {
      n = split(only, wanted, " ")
      for (i = 1; i <= n; i++) listed[wanted[i]] = 1
      limit["check_seconds"] = 30; limit["walk_seconds"] = 300; limit["scan_seconds"] = 900
      printf "" >(work "/plan")
    }
    $1 == "limit" { limit[$2] = $3 }
    $1 == "item" { known[$2] = known[$4] = 1; item = $2; selected = !n || ($2 in listed) || ($4 in listed) }
    # One mark for each check of the profile, in its order.
    $1 == "check" { marks = marks (selected ? "+" : "-") }
    !selected { next }
    $1 == "check" {
      if (file != "") close(file)
      file = work "/parameters/" $2
      printf "" >file
      print item, $2, $5, $6, $7 >(work "/plan")
    }
    $1 == "parameter" { print $3 "\t" $4 >file }
    END {
      print marks >(work "/marks")
      print limit["check_seconds"], limit["walk_seconds"], limit["scan_seconds"] >(work "/limits")
      for (i = 1; i <= n; i++) if (!(wanted[i] in known)) { print wanted[i]; exit }
    }
'

run_all_checks() { # lets a worker run the plan; where it ends before its time, another goes on behind the check it died in
  local next=1 status
  while [ "$next" -le "$PLANNED" ]; do
    run_worker "$next"
    status=$?
    read -r next STARTED ITEM CHECK <"$WORK/progress"
    [ "$next" -le "$PLANNED" ] || break
    OUT=$WORK/out/$CHECK
    if [ -e "$OUT/result" ]; then
      # The worker died between two checks: this one has its result.
      next=$((next + 1))
    elif [ "$status" -ne 124 ] || [ "$(cat "$WORK/expired")" = "$CHECK" ]; then
      settle_verdict "$CHECK" "$status"
      add_result
      next=$((next + 1))
    else
      # The check before it was over just when its time was: this one is innocent, and starts afresh.
      rm -rf "$OUT"
      mkdir "$OUT"
    fi
  done
  gather_results
}

gather_results() { # in the plan's order: every result to the report, and a letter for each check of the profile to LETTERS
  local check letter result marks
  LETTERS=''
  read -r marks <"$WORK/marks"
  while read -r _ check _; do
    IFS=' ' read -r letter result <"$WORK/out/$check/result"
    printf '%s\n' "$result" >>"$WORK/report"
    LETTERS=$LETTERS${marks%%+*}$letter
    marks=${marks#*+}
  done <"$WORK/plan"
  LETTERS=$LETTERS$marks
}

run_worker() { # <line of the plan>: status of the worker that runs the checks from there; 124 when one's time was over
  local line=0 item check
  [ ! -e "$WORK/expired" ] || rm -f "$WORK/expired"
  read_clock
  while read -r item check _ && line=$((line + 1)) && [ "$line" -lt "$1" ]; do :; done <"$WORK/plan"
  printf '%s %s %s %s\n' "$1" "$NOW" "$item" "$check" >"$WORK/progress"
  {
    printf '%s\n' "$CHECK_SECONDS" "$DEADLINE" "$SCANNER_UID" "$WALK_FAULT"
  } >"$WORK/settings"
  run_guarded worker '' __checks "$WORK" "$ROOT" "$1"
}

run_checks() { # <work directory> <root> <line of the plan>: what the worker does
  local number=0 needs_root needs_live needs_walk
  WORK=$1 ROOT=$2
  export WORK ROOT
  {
    read -r CHECK_SECONDS
    read -r DEADLINE
    read -r SCANNER_UID
    read -r WALK_FAULT
  } <"$WORK/settings"
  while read -r ITEM CHECK needs_root needs_live needs_walk; do
    number=$((number + 1))
    [ "$number" -ge "$3" ] || continue
    run_check "$number" "$needs_root" "$needs_live" "$needs_walk"
  done <"$WORK/plan"
  printf '%s 0 - -\n' "$((number + 1))" >"$WORK/progress"
}

run_check() { # <line of the plan> <needs root> <needs live> <needs walk>: one result
  OUT=$WORK/out/$CHECK
  read_clock
  STARTED=$NOW
  printf '%s %s %s %s\n' "$1" "$STARTED" "$ITEM" "$CHECK" >"$WORK/progress"
  if ! gate_check "$2" "$3" "$4"; then
    printf '%s %s %s\n' "$$" "$CHECK_SECONDS" "$CHECK" >"$WORK/watch"
    (run_check_body) </dev/null >/dev/null 2>"$WORK/$CHECK.stderr"
    settle_verdict "$CHECK" "$?"
  fi
  add_result
}

run_check_body() {
  export OUT
  cd "$WORK" || exit 1
  load_check "$CHECK"
  "check_$CHECK"
}

add_result() { # of the check that is settled: its letter of the digest and its line of the report, written at once
  local verdict letter
  read -r verdict <"$OUT/verdicts"
  read_clock
  case $verdict in
    pass) letter=p ;;
    fail) letter=f ;;
    manual) letter=m ;;
    not_applicable) letter=n ;;
    *) letter=e ;;
  esac
  printf '%s R\t%s\t%s\t%s\t%s0\t%s\n' "$letter" "$ITEM" "$CHECK" "$verdict" $((NOW - STARTED)) "$OUT" >"$OUT/result"
}

gate_check() { # <needs root> <needs live> <needs walk>: gives a verdict, and succeeds, when the check cannot run here
  if [ "$STARTED" -ge "$DEADLINE" ]; then
    error "the time limit of the whole scan was reached before this check"
  elif [ "$1" = true ] && [ "$SCANNER_UID" != 0 ]; then
    error "this check needs root, the scanner runs as UID ${SCANNER_UID:-unknown}"
  elif [ "$2" = true ] && [ -n "$ROOT" ]; then
    manual "this can only be judged on the running host, and an unpacked root was scanned"
  elif [ "$3" = true ] && [ "$WALK_FAULT" != '' ]; then
    error "$WALK_FAULT"
  else
    return 1
  fi
}

settle_verdict() { # <check> <status>: turns a time-out, crash, silence or double verdict into error
  local verdict='' second='' fault=''
  if [ -e "$OUT/verdicts" ]; then
    {
      read -r verdict
      read -r second
    } <"$OUT/verdicts"
  fi
  if [ "$2" -eq 124 ]; then
    fault="the check was stopped at its time limit of $CHECK_SECONDS s"
  elif [ "$2" -ne 0 ]; then
    fault="the check crashed with status $2"
  elif [ -z "$verdict" ]; then
    fault="the check ended without a verdict"
  elif [ -n "$second" ]; then
    fault="the check gave two verdicts: $verdict, then $second"
  fi
  [ -n "$fault" ] || return 0
  rm -f "$OUT/verdicts"
  error "$fault"
  tail -n 3 "$WORK/$1.stderr" | evidence_lines
}
