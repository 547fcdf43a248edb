# shellcheck shell=dash
# How FTP servers are set up: vsftpd (key=value, the last one wins, its built-in values), ProFTPD
# (sections, Include) and Pure-FTPd (one file, or one file a setting as Debian has it).

vsftpd_files() { # configurations of the instances that start
  local path
  for path in /etc/vsftpd.conf /etc/vsftpd/vsftpd.conf; do
    ! has_file "$path" || printf '%s\n' "$path"
  done
  # The target and instances start every other file of the directory.
  [ -n "$(enabled_units 'vsftpd.target vsftpd@.service')" ] || return 0
  matching_paths /etc/vsftpd '*.conf' | awk '$0 != "/etc/vsftpd/vsftpd.conf"'
}

vsftpd_setting() { # <file> <key> <built-in value>: the value in force; YES and NO in capitals
  file_awk "$1" -v key="$2" -v value="$3" '
    { sub(/\r$/, "") }
    /^[ \t]*#/ { next }
    { line = $0; sub(/^[ \t]+/, "", line) }
    index(line, key "=") == 1 { value = substr(line, length(key) + 2) }
    END {
      word = toupper(value)
      if (word ~ /^(YES|TRUE|1)$/) value = "YES"
      if (word ~ /^(NO|FALSE|0)$/) value = "NO"
      print value
    }'
}

proftpd_file() { # its configuration; fails when there is none
  local path
  for path in /etc/proftpd/proftpd.conf /etc/proftpd.conf; do
    if has_file "$path"; then
      printf '%s\n' "$path"
      return 0
    fi
  done
  return 1
}

proftpd_directives() { # "<sections> <directive in lower case> <value> <file>", tabs between
  local path
  path=$(proftpd_file) || return 0
  section_directives "$path" "${path%/*}"
}

pure_ftpd_setting() { # <Name>: the value, from Debian's file of that name or the common file
  local path
  if has_file "/etc/pure-ftpd/conf/$1"; then
    effective_lines "/etc/pure-ftpd/conf/$1" | awk 'NR == 1 { print tolower($1) }'
    return 0
  fi
  for path in /etc/pure-ftpd/pure-ftpd.conf /etc/pure-ftpd.conf; do
    has_file "$path" || continue
    effective_lines "$path" | awk -v name="$1" 'tolower($1) == tolower(name) { value = tolower($2) } END { print value }'
    return 0
  done
}

ftpusers_files() { # lists of accounts that FTP servers refuse or admit
  local path
  for path in /etc/ftpusers /etc/ftpd/ftpusers /etc/vsftpd/ftpusers /etc/vsftpd/user_list /etc/vsftpd.ftpusers \
    /etc/vsftpd.user_list /etc/vsftpd.userlist /etc/proftpd/ftpusers; do
    ! has_file "$path" || printf '%s\n' "$path"
  done
}

lists_account() { # <file> <account>: it stands there on a line of its own, uncommented
  has_file "$1" && effective_lines "$1" | awk -v account="$2" '$1 == account { found = 1 } END { exit !found }'
}

vsftpd_banner() { # <file>: the text; a banner file wins
  local file text
  file=$(vsftpd_setting "$1" banner_file '')
  text=$(vsftpd_setting "$1" ftpd_banner '')
  if [ -n "$file" ] && has_file "$file"; then
    file_text "$file"
  elif [ -n "$text" ]; then
    printf '%s\n' "$text"
  else
    printf '(vsFTPd and its version, built in)\n'
  fi
}

proftpd_banner() { # ServerIdent off, or on with a text; without it the product's name
  proftpd_directives | awk -F'\t' '
    $2 == "serverident" { seen = 1; value = $3 }
    END {
      if (!seen) { print "(ProFTPD, built in)"; exit }
      if (tolower(value) ~ /^off/) { print "(nothing)"; exit }
      sub(/^[Oo][Nn][ \t]*/, "", value)
      print value == "" ? "(ProFTPD, built in)" : value
    }'
}
