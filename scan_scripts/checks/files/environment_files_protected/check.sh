# shellcheck shell=dash
# The start files of shells in every home belong to root or the account, and only they can write them.
check_environment_files_protected() {
  local bits names
  bits=$(parameter environment_file_forbidden_bits) || return 1
  names=$(parameter environment_files) || return 1
  require_file /etc/passwd || return 0
  environment_files_of_homes "$names" >"$OUT/files"
  printf '%s\n' /etc/profile /etc/bashrc /etc/bash.bashrc /etc/csh.cshrc /etc/csh.login /etc/environment |
    awk '{ print "0\t" $0 }' >>"$OUT/files"
  awk -F'\t' '{ print $2 }' "$OUT/files" | metadata_rows >"$OUT/rows"
  judge_environment_files "$bits"
  if [ -e "$OUT/unreadable" ]; then
    error "owner and mode of $(summary_of_lines <"$OUT/unreadable") cannot be read"
  elif [ -e "$OUT/faults" ]; then
    evidence_lines <"$OUT/faults"
    fail "$(summary_of_lines <"$OUT/faults")"
  elif [ ! -s "$OUT/rows" ]; then
    not_applicable "there are no start files of shells"
  else
    pass "$(awk 'END { print NR }' "$OUT/rows") start files belong to root or their account and are closed to writing by others"
  fi
}

environment_files_of_homes() { # <names>: "<uid> <path>", tab between
  local uid home name physical
  homes_that_exist all | awk -F'\t' '$3 != "/" && !seen[$3]++ { print $2 "\t" $3 }' | while IFS='	' read -r uid home; do
    physical=$(in_root "$home")
    for name in $1; do
      if [ -e "$physical/$name" ] || [ -L "$physical/$name" ]; then
        printf '%s\t%s\n' "$uid" "${home%/}/$name"
      fi
    done
  done
}

judge_environment_files() { # <forbidden bits>
  local mode owner path uid
  while read -r mode owner _ path; do
    if [ "$mode" = - ]; then
      printf '%s\n' "$path" >>"$OUT/unreadable"
      continue
    fi
    uid=$(awk -F'\t' -v path="$path" '$2 == path { print $1; exit }' "$OUT/files")
    if [ "$owner" != 0 ] && [ "$owner" != "$uid" ]; then
      printf '%s belongs to UID %s\n' "$path" "$owner" >>"$OUT/faults"
    fi
    if mode_has_any "$mode" "$bits"; then
      printf '%s has mode %s, which lets others write\n' "$path" "$mode" >>"$OUT/faults"
    fi
  done <"$OUT/rows"
}
