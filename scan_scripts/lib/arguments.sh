# shellcheck shell=dash
# The command line: --help, usage errors (exit 2) and the choice of checks.

show_help() {
  cat <<'HELP'
Usage: sh scan.sh [--root DIR] --profile NAME [--only ITEM_OR_CHECK]... [--format json|text]
                  [--language en|ko] [--verdicts FILE]
       sh scan.sh [--profile NAME] [--only ITEM_OR_CHECK]... --list

Judges this host, or an unpacked root directory, by the checks of a profile. Reads only.

  --profile NAME     what to judge by, for example kisa_unix_2026
  --root DIR         the root to look at (default: $FLEETDX_ROOT, else /, the running host)
  --only NAME        only this item (U-01) or check (root_ssh_login_denied); may be repeated
  --format FORMAT    json (default, one document on standard output) or text
  --language LANG    en or ko: headings, titles and remedies of --format text, and of --list the titles
                     (default: ko in a Korean locale, else en); reasons and evidence are English
  --verdicts FILE    also write one line there, a letter a check in the profile's order:
                     p pass, f fail, m manual, n not_applicable, e error, - not selected
  --list             show the profile's items and checks (without --profile: the profiles) and stop
  --help             this text

Verdicts: pass, fail, manual (a person decides), not_applicable, error (could not be found out;
never counted as good). Run it as root, otherwise checks that need root end in error.
Exit status: 0 no error verdict, 3 some error verdict, 2 the command line is wrong.

Try:  sh scan.sh --list
      sh scan.sh --profile kisa_unix_2026 --format text
      sh scan.sh --profile kisa_unix_2026 --only U-01 --root /mnt/image
HELP
}

usage_error() { # <message>
  printf 'scan.sh: %s (sh scan.sh --help explains)\n' "$1" >&2
  exit 2
}

parse_arguments() { # <argument>...: sets ROOT_OPTION PROFILE ONLY FORMAT REPORT_LANGUAGE VERDICTS_FILE LIST
  ROOT_OPTION=${FLEETDX_ROOT:-/} PROFILE='' ONLY='' FORMAT=json REPORT_LANGUAGE='' VERDICTS_FILE='' LIST=false
  local option value
  while [ $# -gt 0 ]; do
    option=$1
    shift
    case $option in
      -h | --help)
        show_help
        exit 0
        ;;
      --list)
        LIST=true
        continue
        ;;
      --root=* | --profile=* | --only=* | --format=* | --language=* | --verdicts=*)
        value=${option#*=}
        option=${option%%=*}
        ;;
      --root | --profile | --only | --format | --language | --verdicts)
        [ $# -gt 0 ] || usage_error "$option needs a value"
        value=$1
        shift
        ;;
      *) usage_error "unknown argument: $option" ;;
    esac
    [ -n "$value" ] || usage_error "$option needs a value"
    set_option "$option" "$value"
  done
}

set_option() { # <option> <value>
  case $1 in
    --root) ROOT_OPTION=$2 ;;
    --profile) PROFILE=$2 ;;
    --format) FORMAT=$2 ;;
    --language) REPORT_LANGUAGE=$2 ;;
    --verdicts) VERDICTS_FILE=$2 ;;
    --only)
      case $2 in
        *[!A-Za-z0-9_-]*) usage_error "--only takes an item or a check, not: $2" ;;
      esac
      ONLY="$ONLY $2"
      ;;
  esac
}

check_arguments() { # sets ROOT ('' for the running host)
  case $FORMAT in
    json | text) ;;
    *) usage_error "--format is json or text, not: $FORMAT" ;;
  esac
  [ -n "$REPORT_LANGUAGE" ] || take_language_of_caller
  case $REPORT_LANGUAGE in
    en | ko) ;;
    *) usage_error "--language is en or ko, not: $REPORT_LANGUAGE" ;;
  esac
  if [ -z "$PROFILE" ] && [ "$LIST" = true ]; then
    return 0
  fi
  check_profile
  [ -d "$ROOT_OPTION" ] || usage_error "--root is not a directory: $ROOT_OPTION"
  ROOT=$(cd "$ROOT_OPTION" && pwd -P) || usage_error "--root cannot be entered: $ROOT_OPTION"
  [ "$ROOT" != / ] || ROOT=''
  case $VERDICTS_FILE in
    '' | /*) ;;
    *) VERDICTS_FILE=$PWD/$VERDICTS_FILE ;;
  esac
}

check_profile() {
  # shellcheck disable=SC2046  # names are words
  set -- $(profile_names)
  [ -n "$PROFILE" ] || usage_error "--profile is missing; there are: $*"
  is_listed "$PROFILE" "$*" || usage_error "unknown profile: $PROFILE; there are: $*"
}

show_list() {
  if [ -z "$PROFILE" ]; then
    profile_names
    return 0
  fi
  awk -F'\t' -v language="$REPORT_LANGUAGE" -v table="$WORK/table" -v titles="$WORK/titles" -v plan="$WORK/plan" \
    -v profile="$PROFILE" "$(report_words)$(title_reader)"'
    BEGIN {
      set_words(language)
      read_titles()
      print profile_title
      print sprintf(word["edition"], profile, edition)
      while ((getline line < plan) > 0) { split(line, field, " "); selected[field[1], field[2]] = 1 }
    }
    $1 == "item" && ($2, $4) in selected { printf "%-6s %-7s %-42s %s\n", $2, $3, $4, title[$4] }' "$WORK/table"
}
