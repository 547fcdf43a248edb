# shellcheck shell=dash
# Owners and modes of files. Modes are compared bit by bit: 0044 is not "less" than 0400.

file_metadata() { # <path>: "<octal mode> <uid> <gid> <kind>" of what the path leads to
  local path
  path=$(in_root "$1") && [ -e "$path" ] && stat -L -c '%a %u %g %F' "$path"
}

mode_within() { # <octal mode> <octal limit>: no bit is set beyond the limit
  [ $((0$1 & 07777 & ~0$2)) -eq 0 ]
}

mode_has_any() { # <octal mode> <octal bits>
  [ $((0$1 & 0$2)) -ne 0 ]
}

is_listed() { # <word> <blank-separated words>
  case " $2 " in
    *" $1 "*) return 0 ;;
    *) return 1 ;;
  esac
}

account_ids() { # <account names>: their UIDs, for names the host knows
  passwd_records | awk -F: -v names="$1" '
    BEGIN { n = split(names, wanted, " "); for (i = 1; i <= n; i++) listed[wanted[i]] = 1 }
    $1 in listed { printf "%s%s", separator, $3; separator = " " }
    END { print "" }'
}

inspect_protection() { # <allowed owners> <octal limit>: standard input: paths; evidence, and faults for conclude_protection
  local owners path metadata mode uid
  owners="0 $(account_ids "$1")"
  while IFS= read -r path; do
    has_path "$path" || continue
    printf '%s\n' "$path" >>"$OUT/inspected"
    if ! metadata=$(file_metadata "$path"); then
      printf '%s\n' "$path" >>"$OUT/unreadable"
      continue
    fi
    mode=${metadata%% *}
    uid=${metadata#* }
    uid=${uid%% *}
    evidence "$path: mode $mode, owner UID $uid"
    acl_evidence "$path"
    if ! is_listed "$uid" "$owners"; then
      printf '%s is owned by UID %s\n' "$path" "$uid" >>"$OUT/faults"
    fi
    if ! mode_within "$mode" "$2"; then
      printf '%s has mode %s, more than %s\n' "$path" "$mode" "$2" >>"$OUT/faults"
    fi
  done
}

conclude_protection() { # <what was looked for>: the verdict of all inspect_protection before it
  local inspected=0
  if [ -e "$OUT/inspected" ]; then
    inspected=$(awk 'END { print NR }' "$OUT/inspected")
  fi
  if [ -e "$OUT/unreadable" ]; then
    error "owner and mode of $(awk 'NR == 1' "$OUT/unreadable") cannot be read"
  elif [ -e "$OUT/faults" ]; then
    fail "$(summary_of_lines <"$OUT/faults")"
  elif [ "$inspected" -eq 0 ]; then
    not_applicable "there is no $1"
  else
    pass "owner and mode of $inspected file(s) are as they should be"
  fi
}

judge_protection() { # <allowed owners> <octal limit> <path>...: one verdict for files that must be root's and narrow
  local owners=$1 limit=$2
  shift 2
  printf '%s\n' "$@" | inspect_protection "$owners" "$limit"
  conclude_protection "$*"
}

summary_of_lines() { # standard input: the first line, and how many follow
  awk 'NR == 1 { first = $0 } END { print first (NR > 1 ? " (and " NR - 1 " more)" : "") }'
}

acl_evidence() { # <path>: notes named entries of an access control list; the mode's group bits are their mask
  [ -z "$ROOT" ] || return 0
  command -v getfacl >/dev/null 2>&1 || return 0
  getfacl -c -p "$1" 2>/dev/null |
    awk -v path="$1" '/^(user|group):[^:]+:/ { print path ": access control list entry " $0 }' |
    evidence_lines
}
