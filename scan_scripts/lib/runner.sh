# shellcheck shell=dash
# The scan: each selected check runs guarded and ends in exactly one verdict; then the report is written.

sane_path() { # keeps the caller's absolute directories first, then the system's
  printf '%s:/usr/sbin:/usr/bin:/sbin:/bin' "${PATH:-}" |
    awk 'BEGIN { RS = ":" } { sub(/\n+$/, "") } /^\// { printf "%s%s", separator, $0; separator = ":" }'
}

scan_main() { # <argument>...
  local started
  PATH=$(PATH="${PATH:-}:/usr/sbin:/usr/bin:/sbin:/bin" sane_path)
  export PATH
  parse_arguments "$@"
  check_arguments
  make_work_directory
  if [ -n "$PROFILE" ]; then
    profile_table "$PROFILE" >"$WORK/table" || usage_error "the profile $PROFILE or one of its checks is malformed"
    check_selection
  fi
  if [ "$LIST" = true ]; then
    show_list
    exit 0
  fi
  started=$(now_in_hundredths)
  SCANNER_UID=$(id -u) || SCANNER_UID=''
  host_facts >"$WORK/report"
  run_profile
  printf 'D\t%s0\n' $(($(now_in_hundredths) - started)) >>"$WORK/report"
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
  local kind item check deadline
  LETTERS=''
  find_guards
  start_watchdog
  CHECK_SECONDS=$(limit_seconds check_seconds 30)
  deadline=$(($(now_in_hundredths) + 100 * $(limit_seconds scan_seconds 900)))
  walk_if_needed
  while IFS='	' read -r kind item _ check; do
    [ "$kind" = item ] || continue
    if is_selected "$item" "$check"; then
      run_check "$item" "$check" "$deadline"
    else
      LETTERS="$LETTERS-"
    fi
  done <"$WORK/table"
}

run_check() { # <item> <check> <deadline>: adds a result to the report and a letter to LETTERS
  local started verdict
  OUT=$WORK/out/$2
  mkdir "$OUT"
  started=$(now_in_hundredths)
  if ! gate_check "$2" "$started" "$3"; then
    run_guarded "$2" "$CHECK_SECONDS" __check "$2" "$WORK" "$ROOT"
    settle_verdict "$2" "$?"
  fi
  read -r verdict <"$OUT/verdicts"
  printf 'R\t%s\t%s\t%s\t%s0\t%s\n' "$1" "$2" "$verdict" $(($(now_in_hundredths) - started)) "$OUT" >>"$WORK/report"
  case $verdict in
    pass) LETTERS=${LETTERS}p ;;
    fail) LETTERS=${LETTERS}f ;;
    manual) LETTERS=${LETTERS}m ;;
    not_applicable) LETTERS=${LETTERS}n ;;
    *) LETTERS=${LETTERS}e ;;
  esac
}

gate_check() { # <check> <now> <deadline>: gives a verdict, and succeeds, when the check cannot run here
  local kind check needs_root needs_live needs_walk
  while IFS='	' read -r kind check _ _ needs_root needs_live needs_walk _; do
    [ "$kind $check" = "check $1" ] && break
  done <"$WORK/table"
  if [ "$2" -ge "$3" ]; then
    error "the time limit of the whole scan was reached before this check"
  elif [ "$needs_root" = true ] && [ "$SCANNER_UID" != 0 ]; then
    error "this check needs root, the scanner runs as UID ${SCANNER_UID:-unknown}"
  elif [ "$needs_live" = true ] && [ -n "$ROOT" ]; then
    manual "this can only be judged on the running host, and an unpacked root was scanned"
  elif [ "$needs_walk" = true ] && [ "$WALK_FAULT" != '' ]; then
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

run_check_body() { # <check> <work directory> <root>: what the guarded process does
  WORK=$2 ROOT=$3 OUT=$2/out/$1
  export WORK ROOT OUT
  cd "$WORK" || exit 1
  load_check "$1"
  "check_$1"
}
