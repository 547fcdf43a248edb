#!/bin/sh
# shellcheck shell=dash
# Read one host's state, judge it by a profile's checks, and write the verdicts to standard output.
# It changes nothing on the host: its own files live in one private directory that is gone at the end.
set -u
# shellcheck disable=SC2034  # the language of the report follows it
CALLER_LOCALE=${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}
LC_ALL=C
export LC_ALL
umask 077
unset IFS CDPATH ENV BASH_ENV GREP_OPTIONS POSIXLY_CORRECT AWKPATH

SELF=$0
case $SELF in
  /*) ;;
  */*) SELF=$(cd "${SELF%/*}" && pwd)/${SELF##*/} ;;
  *) SELF=$(pwd)/$SELF ;;
esac

if [ ! -r "$SELF" ]; then
  echo 'scan.sh: run it from a file (sh scan.sh ...), it starts itself again to run the checks' >&2
  exit 2
fi

do_what_was_asked() { # <argument>...: the scan, or what a scan starts this script again for
  case ${1-} in
    __checks) run_checks "$2" "$3" "$4" ;;
    __walk) walk_body "$2" "$3" ;;
    __watch) watch_over "$2" "$3" ;;
    *) scan_main "$@" ;;
  esac
}

# --- parts (the bundler puts the libraries, the checks and the profiles here) ---
SCRIPTS=${SELF%/*}
for library in "$SCRIPTS"/lib/*.sh; do
  # shellcheck disable=SC1090
  . "$library"
done

profile_names() {
  local profile
  for profile in "$SCRIPTS"/profiles/*.json; do
    profile=${profile##*/}
    printf '%s\n' "${profile%.json}"
  done
}

profile_table() { # <profile>
  compile_profile "$SCRIPTS/profiles/$1.json" "$SCRIPTS"/checks/*/*/check.json
}

titles_in_korean() { # "<check> <title>" a line, a tab between
  awk "$(json_reader)$(title_compiler)" "$SCRIPTS"/checks/*/*/check.json
}

load_check() { # <check>
  local file
  for file in "$SCRIPTS"/checks/*/"$1"/check.sh; do
    # shellcheck disable=SC1090
    . "$file"
  done
}
# --- end of parts ---

do_what_was_asked "$@"
