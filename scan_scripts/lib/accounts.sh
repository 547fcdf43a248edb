# shellcheck shell=dash
# Accounts by field. A name is compared whole: "ftp" is not "sftpuser".

account_lines() { # <path>: lines of passwd, shadow or group; comments, blanks and NIS markers left out
  has_file "$1" && awk '
    { sub(/\r$/, "") }
    /^[ \t]*#/ || /^[ \t]*$/ || /^[+-]/ { next }
    { print }' <"$RESOLVED"
}

know_accounts() { # <passwd|group>: sets ACCOUNTS, the file that has its account_lines, read once for all checks of a scan
  ACCOUNTS=$WORK/accounts.$1
  if [ ! -e "$ACCOUNTS.read" ]; then
    account_lines "/etc/$1" >"$ACCOUNTS"
    : >"$ACCOUNTS.read"
  fi
}

passwd_records() {
  know_accounts passwd
  cat "$ACCOUNTS"
}

shadow_records() { # to be piped: what passwords were made into is written into no file, not even a private one
  account_lines /etc/shadow
}

nis_markers() { # lines that add accounts from NIS or another source
  file_awk /etc/passwd -F: '/^[+-]/ { print $1 }'
}

login_definition() { # <key> <default>: the last value of the key in /etc/login.defs
  local value=''
  if has_file /etc/login.defs; then
    value=$(effective_lines /etc/login.defs | awk -v key="$1" '$1 == key { value = $2 } END { print value }')
  fi
  printf '%s\n' "${value:-$2}"
}

login_accounts() { # "<name>:<uid>:<gid>:<home>:<shell>" of accounts that can get a shell
  know_accounts passwd
  awk -F: '
    {
      shell = $7
      sub(/^.*\//, "", shell)
      if (shell == "nologin" || shell == "false" || shell == "sync" || shell == "shutdown" || shell == "halt") next
      print $1 ":" $3 ":" $4 ":" $6 ":" ($7 == "" ? "/bin/sh" : $7)
    }' "$ACCOUNTS"
}

accounts_with_password() { # names whose /etc/shadow password can be used (not locked, not empty)
  shadow_records | awk -F: '$2 != "" && $2 !~ /^[!*]/ { print $1 }'
}

home_directories() { # <login|all>: "<name> <uid> <home, - when empty>", tabs between, of accounts that can log in, or of all
  if [ "$1" = login ]; then
    login_accounts | awk -F: '{ print $1 "\t" $2 "\t" ($4 == "" ? "-" : $4) }'
  else
    know_accounts passwd
    awk -F: '{ print $1 "\t" $3 "\t" ($6 == "" ? "-" : $6) }' "$ACCOUNTS"
  fi
}

homes_that_exist() { # <login|all>: as home_directories, those that are directories; looked up once for all checks of a scan
  if [ ! -e "$WORK/homes.$1" ]; then
    home_directories "$1" >"$OUT/homes"
    home_parents <"$OUT/homes" | while IFS= read -r parent; do
      matching_paths "$parent" '*'
      matching_paths "$parent" '.[!.]*'
    done >"$OUT/entries"
    # A million accounts cost a million looks at the disk only when a million homes are there.
    awk -F'\t' -v entries="$OUT/entries" '
      BEGIN { while ((getline line < entries) > 0) there[line] = 1 }
      { home = $3; sub(/\/+$/, "", home) }
      $3 ~ /^\// && (home == "" || home ~ /\/\.\.?$/ || home in there)' "$OUT/homes" |
      while IFS='	' read -r name uid home; do
        ! has_directory "$home" || printf '%s\t%s\t%s\n' "$name" "$uid" "$home"
      done >"$OUT/homes_there"
    mv "$OUT/homes_there" "$WORK/homes.$1"
  fi
  cat "$WORK/homes.$1"
}

home_parents() { # standard input: rows of home_directories; each directory that homes are in, once
  awk -F'\t' '
    $3 ~ /^\// { sub(/\/+$/, "", $3); sub(/[^\/]*$/, "", $3); if (!seen[$3]++) print $3 == "" ? "/" : $3 }'
}

accounts_from_elsewhere() { # sources of accounts besides the files, from nsswitch.conf
  has_file /etc/nsswitch.conf || return 0
  effective_lines /etc/nsswitch.conf | awk '
    $1 == "passwd:" { for (i = 2; i <= NF; i++) if ($i ~ /^(sss|ldap|winbind|nis|nisplus|hesiod)$/) print $i }'
}
