# shellcheck shell=dash
# New files are not writable by group and others.
check_default_umask_restricts_write() {
  local bits rows faults
  bits=$(parameter umask_required_bits) || return 1
  rows=$(umask_rows)
  if [ -z "$rows" ]; then
    fail "no umask is set in the shells' start files, in PAM or in /etc/login.defs"
    return 0
  fi
  printf '%s\n' "$rows" | awk -F'\t' '{ print $1 ": umask " $2 }' | evidence_lines
  faults=$(printf '%s\n' "$rows" | while IFS='	' read -r place value; do
    umask_is_strict "$value" "$bits" || printf '%s: umask %s does not keep %s\n' "$place" "$value" "$bits"
  done)
  if [ -n "$faults" ]; then
    fail "$(printf '%s\n' "$faults" | summary_of_lines)"
  elif usergroups_may_relax "$rows"; then
    manual "the umask comes from /etc/login.defs only, and PAM gives the group write access for accounts with a group of their own"
  else
    pass "every umask that is set keeps the bits $bits"
  fi
}

umask_rows() { # "<place><tab><value>"
  local service
  system_shell_files | shell_statements | awk -F'\t' '
    $2 ~ /^umask[ \t]/ {
      value = $2
      sub(/^umask[ \t]+/, "", value)
      sub(/[ \t].*$/, "", value)
      if (value !~ /^-/) print $1 "\t" value
    }'
  login_definition UMASK '' | awk '$0 != "" { print "/etc/login.defs\t" $0 }'
  for service in login sshd; do
    pam_stack "$service" session 2>/dev/null | awk -F'\t' '
      $2 == "pam_umask.so" && match($4, /umask=[0-7]+/) { print $3 "\t" substr($4, RSTART + 6, RLENGTH - 6) }'
  done | sort -u
}

umask_is_strict() { # <value> <octal bits>: a number that keeps the bits, or letters that do
  case $1 in
    *[!0-7]*) symbolic_umask_is_strict "$1" ;;
    *) [ $((0$1 & 0$2)) -eq $((0$2)) ] ;;
  esac
}

symbolic_umask_is_strict() { # <value such as u=rwx,g=rx,o=>: it names group and others and gives neither w
  printf '%s\n' "$1" | tr ',' '\n' | awk -F= '
    /[+-]/ || NF != 2 { bad = 1 }
    $1 ~ /[ga]/ { group = 1; if ($2 ~ /w/) bad = 1 }
    $1 ~ /[oa]/ { others = 1; if ($2 ~ /w/) bad = 1 }
    END { exit bad || !group || !others }'
}

usergroups_may_relax() { # <rows>: pam_umask takes 022 from login.defs, where USERGROUPS_ENAB turns it to 002
  [ -z "$(printf '%s\n' "$1" | awk -F'\t' '$1 != "/etc/login.defs"')" ] || return 1
  [ "$(login_definition USERGROUPS_ENAB no)" = yes ] || return 1
  {
    pam_stack login session
    pam_stack sshd session
  } 2>/dev/null | awk -F'\t' '$2 == "pam_umask.so" && $4 !~ /nousergroups/ { found = 1 } END { exit !found }'
}
