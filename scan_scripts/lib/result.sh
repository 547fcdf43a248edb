# shellcheck shell=dash
# What a check may say: exactly one verdict with one sentence, and any number of evidence lines.
# Reads $OUT, the private directory of the check that is running.

conclude() { # <verdict> <reason>
  printf '%s\n' "$1" >>"$OUT/verdicts"
  printf '%s\n' "$2" >"$OUT/reason"
}

pass() { # <reason>; it becomes an error when a configuration that counts could not be read
  local obstacle=''
  [ ! -e "$OUT/in_use" ] || obstacle=$(unreadable_configuration <"$OUT/in_use")
  if [ -n "$obstacle" ]; then
    error "$obstacle is there, but it is no file that can be read"
  else
    conclude pass "$1"
  fi
}

fail() { # <reason>
  conclude fail "$1"
}

manual() { # <reason>: a person has to decide
  conclude manual "$1"
}

not_applicable() { # <reason>
  conclude not_applicable "$1"
}

error() { # <reason>: the check could not find out
  conclude error "$1"
}

evidence() { # <line>: a fact a reader can verify; never a secret
  printf '%s\n' "$1" >>"$OUT/evidence"
}

evidence_lines() { # standard input, one fact a line
  tr -d '\000' >>"$OUT/evidence"
}

parameter() { # <name>: the profile's value, or the check's default; fails when nobody defines it
  local name value
  while IFS='	' read -r name value; do
    if [ "$name" = "$1" ]; then
      printf '%s\n' "$value"
      return 0
    fi
  done <"$WORK/parameters/${OUT##*/}"
  printf 'parameter %s is not defined\n' "$1" >&2
  return 1
}
