# shellcheck shell=dash
# Accounts that nobody needs are gone. Which are needed only a person can say; candidates are listed.
check_unneeded_accounts_removed() {
  local named first_user
  named=$(parameter unneeded_account_names) || return 1
  require_file /etc/passwd || return 0
  first_user=$(login_definition UID_MIN 1000)
  candidate_accounts "$named" "$first_user" >"$OUT/candidates"
  if ! [ -s "$OUT/candidates" ]; then
    pass "there is no account besides root's and those of the system, and none of the names the guide calls unneeded"
    return 0
  fi
  evidence_lines <"$OUT/candidates"
  manual "a person must say whether each is needed: $(summary_of_lines <"$OUT/candidates")"
}

candidate_accounts() { # <names> <first UID of users>: "<name> (UID <uid>): <why>, <state of its password>"
  shadow_records 2>/dev/null | awk -F: '
    {
      text = $2 ~ /^[!*]/ ? "password locked" : $2 == "" ? "no password" : "password set"
      if ($3 ~ /^[0-9]+$/ && text == "password set") text = text " (day " $3 " since 1970)"
      print $1 ":" text
    }' >"$OUT/states"
  login_accounts >"$OUT/logins"
  passwd_records | awk -F: -v names="$1" -v first="$2" -v states="$OUT/states" -v logins="$OUT/logins" '
    BEGIN {
      n = split(names, word, " ")
      for (i = 1; i <= n; i++) named[word[i]] = 1
      while ((getline line < states) > 0) { split(line, field, ":"); state[field[1]] = field[2] }
      while ((getline line < logins) > 0) { split(line, field, ":"); login[field[1]] = 1 }
    }
    $3 == 0 || $3 == 65534 { next }
    ($1 in named) && ($1 in login) { tell("a default account with a login shell"); next }
    ($1 in login) && $3 >= first + 0 { tell("can log in") }
    function tell(why) { print $1 " (UID " $3 "): " why ", " (($1 in state) ? state[$1] : "password unknown") }'
}
