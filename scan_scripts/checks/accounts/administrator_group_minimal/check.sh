# shellcheck shell=dash
# The groups of administrators hold needed accounts only. Members other than root are for a person to judge.
check_administrator_group_minimal() {
  local groups members other
  groups=$(parameter administrator_groups) || return 1
  require_file /etc/passwd || return 0
  require_file /etc/group || return 0
  login_accounts >"$OUT/logins"
  members=$(administrator_members "$groups")
  printf '%s\n' "$members" | awk '$0 != ""' | evidence_lines
  other=$(printf '%s\n' "$members" | awk '$0 != "" && !/cannot log in/')
  if [ -n "$other" ]; then
    manual "a person must say whether each is needed: $(printf '%s\n' "$other" | summary_of_lines)"
  else
    pass "no account but root belongs to a group of administrators ($groups)"
  fi
}

administrator_members() { # <groups>: "<group>: <account> [by its primary group] [cannot log in]", root left out
  know_accounts group
  passwd_records | awk -F: -v groups="$1" -v file="$ACCOUNTS" -v logins="$OUT/logins" '
    BEGIN {
      n = split(groups, word, " ")
      for (i = 1; i <= n; i++) wanted[word[i]] = 1
      while ((getline line < logins) > 0) { split(line, field, ":"); login[field[1]] = 1 }
      while ((getline line < file) > 0) {
        split(line, field, ":")
        if (!(field[1] in wanted) && field[3] != "0") continue
        gid[field[3]] = field[1]
        n = split(field[4], member, ",")
        for (i = 1; i <= n; i++) if (member[i] != "" && member[i] != "root") listed[++rows] = field[1] SUBSEP member[i]
      }
    }
    { known[$1] = 1 }
    ($4 in gid) && $1 != "root" { print gid[$4] ": " $1 " by its primary group" (($1 in login) ? "" : ", cannot log in") }
    END {
      for (i = 1; i <= rows; i++) {
        split(listed[i], part, SUBSEP)
        print part[1] ": " part[2] ((part[2] in login) ? "" : (part[2] in known) ? ", cannot log in" : ", an account of another source")
      }
    }'
}
