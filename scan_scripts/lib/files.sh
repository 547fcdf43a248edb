# shellcheck shell=dash
# Owners and modes of files. Modes are compared bit by bit: 0044 is not "less" than 0400.

file_metadata() { # <path>: "<octal mode> <uid> <gid> <kind>" of what the path leads to
  has_path "$1" && stat -L -c '%a %u %g %F' "$RESOLVED"
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

# In place of account names; no account can be called so.
EVERY_ACCOUNT=:

metadata_rows() { # standard input: paths; "<mode> <uid> <gid> <path>" of those that exist, "- - - <path>" when it cannot be read
  local path physical=''
  : >"$OUT/existing"
  set --
  while IFS= read -r path; do
    has_path "$path" || continue
    printf '%s\n' "$path" >>"$OUT/existing"
    set -- "$@" "$RESOLVED"
  done
  [ $# -gt 0 ] || return 0
  # One process for all of them; one for each only if something vanished meanwhile.
  if stat -L -c '%a %u %g %F' "$@" >"$OUT/facts" 2>/dev/null; then
    awk -v facts="$OUT/facts" '{ getline row < facts; split(row, fact, " "); print fact[1], fact[2], fact[3], $0 }' \
      "$OUT/existing"
    return 0
  fi
  while IFS= read -r path; do
    has_path "$path" || continue
    physical=$(file_metadata "$path") || physical='- - -'
    # shellcheck disable=SC2086  # these are words
    set -- $physical
    printf '%s %s %s %s\n' "$1" "$2" "$3" "$path"
  done <"$OUT/existing"
}

inspect_protection() { # <allowed owners> <octal limit> [faults]: standard input: paths; evidence (of faults only), and faults for conclude_protection
  local path mode uid owner note shown=${3:-all}
  metadata_rows >"$OUT/rows"
  [ -s "$OUT/rows" ] || return 0
  # By a file: the names of some ten thousand accounts are too long for an argument.
  know_accounts passwd
  awk -v names="$1" -v every="$EVERY_ACCOUNT" -v passwd="$ACCOUNTS" '
    BEGIN {
      allowed[0] = 1
      n = split(names, wanted, " ")
      for (i = 1; i <= n; i++) listed[wanted[i]] = 1
      while ((getline line < passwd) > 0) {
        split(line, field, ":")
        if (names == every || field[1] in listed) allowed[field[3]] = 1
      }
    }
    { print ($2 in allowed ? "allowed" : "other"), $0 }' "$OUT/rows" >"$OUT/judged"
  while read -r owner mode uid _ path; do
    printf '%s\n' "$path" >>"$OUT/inspected"
    if [ "$mode" = - ]; then
      printf '%s\n' "$path" >>"$OUT/unreadable"
      continue
    fi
    note=''
    if [ "$owner" = other ] || ! mode_within "$mode" "$2"; then
      note=$(distribution_default "$path" "$mode" "$uid")
    elif [ "$shown" = faults ]; then
      continue
    fi
    evidence "$path: mode $mode, owner UID $uid"
    acl_evidence "$path"
    if [ "$owner" = other ]; then
      printf '%s is owned by UID %s%s\n' "$path" "$uid" "$note" >>"$OUT/faults"
    fi
    if ! mode_within "$mode" "$2"; then
      printf '%s has mode %s, more than %s%s\n' "$path" "$mode" "$2" "$note" >>"$OUT/faults"
    fi
  done <"$OUT/judged"
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

job_files() { # <directory>...: files directly in them, the jobs of users
  local directory path
  for directory in "$@"; do
    matching_paths "$directory" '*' | while IFS= read -r path; do
      ! has_file "$path" || printf '%s\n' "$path"
    done
  done
}
