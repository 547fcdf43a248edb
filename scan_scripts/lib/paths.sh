# shellcheck shell=dash
# Every path a check names is a path of the scanned host. These functions find it below $ROOT
# (empty when the host is the running one), so that a link in an unpacked tree never leads out of it.

resolve() { # <absolute path>: sets RESOLVED, where it is on disk, links followed inside $ROOT; fails on a loop
  local rest=$1 resolved='' part target links=0
  RESOLVED=$1
  [ -n "$ROOT" ] || return 0
  while [ -n "$rest" ]; do
    rest=${rest#"${rest%%[!/]*}"}
    part=${rest%%/*}
    rest=${rest#"$part"}
    case $part in
      '' | .) continue ;;
      ..)
        resolved=${resolved%/*}
        continue
        ;;
    esac
    if [ -L "$ROOT$resolved/$part" ]; then
      links=$((links + 1))
      [ "$links" -le 40 ] || return 1
      target=$(readlink "$ROOT$resolved/$part") || return 1
      case $target in
        /*) resolved='' ;;
      esac
      rest=$target$rest
    else
      resolved=$resolved/$part
    fi
  done
  RESOLVED=$ROOT$resolved
}

in_root() { # <absolute path>: the same, printed
  resolve "$1" && printf '%s\n' "$RESOLVED"
}

has_path() { # <path>: it exists, whatever it is
  resolve "$1" && [ -e "$RESOLVED" ]
}

has_file() { # <path>: a regular file
  resolve "$1" && [ -f "$RESOLVED" ]
}

has_directory() { # <path>
  resolve "$1" && [ -d "$RESOLVED" ]
}

file_text() { # <path>: its content; fails when it cannot be read
  has_file "$1" && cat <"$RESOLVED"
}

file_awk() { # <path> <argument of awk>...: awk reads its content; nothing when it cannot be read
  local path=$1
  shift
  if has_file "$path" && [ -r "$RESOLVED" ]; then
    awk "$@" <"$RESOLVED"
  else
    awk "$@" </dev/null
  fi
}

require_file() { # <path>: gives the verdict error when it is missing or unreadable
  if has_file "$1" && [ -r "$RESOLVED" ]; then
    return 0
  fi
  error "$1 is missing or cannot be read"
  return 1
}

matching_paths() { # <directory> <pattern>: logical paths in lexical order; a name with a newline is left out
  local path IFS=
  resolve "$1" || return 0
  # shellcheck disable=SC2231  # the pattern must expand
  for path in "$RESOLVED"/$2; do
    [ -e "$path" ] || [ -L "$path" ] || continue
    case $path in
      *'
'*) continue ;;
    esac
    printf '%s/%s\n' "${1%/}" "${path##*/}"
  done
}

effective_lines() { # <path>: lines without comments, blank lines, carriage returns and outer blanks
  has_file "$1" && awk '
    { sub(/\r$/, ""); sub(/^[ \t]+/, "") }
    /^#/ { next }
    { sub(/[ \t]#.*$/, ""); sub(/[ \t]+$/, "") }
    $0 != ""' <"$RESOLVED"
}
