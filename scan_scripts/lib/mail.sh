# shellcheck shell=dash
# How mail servers are set up: Postfix (main.cf with continued lines, the last value wins, its built-in
# values; options of services in master.cf), Sendmail (sendmail.cf) and Exim (Debian's answers, or one file).

postfix_settings() { # "<name> <value>" of main.cf, tab between, the last of each
  file_awk /etc/postfix/main.cf '
    { sub(/\r$/, "") }
    /^[ \t]*#/ || /^[ \t]*$/ { next }
    /^[ \t]/ { text[names] = text[names] " " $0; next }
    { names++; text[names] = $0 }
    END {
      for (i = 1; i <= names; i++) {
        at = index(text[i], "=")
        if (!at) continue
        name = substr(text[i], 1, at - 1); value = substr(text[i], at + 1)
        gsub(/[ \t]/, "", name); gsub(/[ \t]+/, " ", value); sub(/^ /, "", value); sub(/ $/, "", value)
        if (!(name in last)) order[++n] = name
        last[name] = value
      }
      for (i = 1; i <= n; i++) print order[i] "\t" last[order[i]]
    }'
}

postfix_setting() { # <name> <built-in value>: the value in force, $names replaced by their own values
  postfix_settings | awk -F'\t' -v name="$1" -v value="$2" '
    { setting[$1] = $2 }
    END {
      if (name in setting) value = setting[name]
      for (turn = 0; turn < 5 && match(value, /\$[{(]?[a-z0-9_]+[})]?/); turn++) {
        word = substr(value, RSTART, RLENGTH)
        key = word; gsub(/[${}()]/, "", key)
        value = substr(value, 1, RSTART - 1) (key in setting ? setting[key] : "-" key "-") substr(value, RSTART + RLENGTH)
      }
      print value
    }'
}

postfix_listens_locally() { # only this host can connect
  case $(postfix_setting inet_interfaces all | tr -d '[]') in
    loopback-only | localhost | 127.0.0.1 | ::1 | '127.0.0.1, ::1' | '127.0.0.1 ::1') return 0 ;;
  esac
  return 1
}

postfix_overrides() { # <name>: services in master.cf that set it for themselves
  has_file /etc/postfix/master.cf || return 0
  file_awk /etc/postfix/master.cf -v name="$1" '
    /^[ \t]*#/ { next }
    /^[^ \t]/ { service = $1 }
    index($0, "-o " name "=") || index($0, "-o { " name " ") { print service " in /etc/postfix/master.cf: " $0 }'
}

sendmail_file() { # its configuration; fails when there is none
  local path
  for path in /etc/mail/sendmail.cf /etc/sendmail.cf; do
    if has_file "$path"; then
      printf '%s\n' "$path"
      return 0
    fi
  done
  return 1
}

sendmail_privacy() { # words of PrivacyOptions, one a line; lines add up
  file_awk "$(sendmail_file)" '
    /^O[ \t]*PrivacyOptions[ \t]*=/ { sub(/^[^=]*=/, ""); gsub(/[, \t\r]+/, "\n"); print tolower($0) }
    /^Op[a-z]/ { sub(/^Op/, ""); gsub(/[, \t\r]+/, "\n"); print tolower($0) }'
}

sendmail_listens_locally() { # every daemon port has an address of this host
  file_awk "$(sendmail_file)" '
    /^O[ \t]*DaemonPortOptions[ \t]*=/ { if (tolower($0) ~ /addr=(127\.|::1|localhost)/) near++; else far++ }
    END { exit !(near && !far) }'
}

one_word_a_line() { # standard input: lists parted by blanks, commas, semicolons or Exim's "<;"
  awk '{ gsub(/[<;, \t]+/, "\n"); print }'
}

exim_setting() { # <Debian name> <option>: from Debian's answers, else from the configuration file
  local path
  if has_file /etc/exim4/update-exim4.conf.conf; then
    effective_lines /etc/exim4/update-exim4.conf.conf | awk -F= -v name="$1" '
      $1 == name { value = substr($0, length($1) + 2); gsub(/["\047]/, "", value) } END { print value }'
    return 0
  fi
  for path in /etc/exim/exim.conf /etc/exim4/exim4.conf; do
    has_file "$path" || continue
    effective_lines "$path" | awk -v name="$2" '
      { line = $0; sub(/^(host|domain|address)list[ \t]+/, "", line) }
      index(line, name) == 1 && substr(line, length(name) + 1) ~ /^[ \t]*=/ { sub(/^[^=]*=[ \t]*/, "", line); value = line }
      END { print value }'
    return 0
  done
}
