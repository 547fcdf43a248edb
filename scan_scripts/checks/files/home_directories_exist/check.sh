# shellcheck shell=dash
# Every account that can log in has a home directory of its own.
check_home_directories_exist() {
  require_file /etc/passwd || return 0
  homes_that_exist login >"$OUT/there"
  homes_missing >"$OUT/faults"
  if [ -s "$OUT/faults" ]; then
    evidence_lines <"$OUT/faults"
    fail "$(summary_of_lines <"$OUT/faults")"
  else
    pass "every account that can log in has its home directory"
  fi
}

homes_missing() { # what is wrong, a line an account; $OUT/there has the homes that are there
  home_directories login | awk -F'\t' -v there="$OUT/there" '
    BEGIN { while ((getline line < there) > 0) { split(line, field, "\t"); found[field[3]] = 1 } }
    $3 == "-" { print $1 " has no home directory in /etc/passwd"; next }
    $3 == "/" && $2 + 0 != 0 { print $1 " has / as its home directory"; next }
    !($3 in found) { print $1 ": " $3 " does not exist" }'
}
