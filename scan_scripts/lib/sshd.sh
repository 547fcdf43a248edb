# shellcheck shell=dash
# The SSH server's files as sshd reads them: Include in place, drop-ins in lexical order, keywords in any
# case, "Key value" and "Key=value", quotes and comments. Each value keeps the Match block (which ends with
# its file) it stands in; sshd_values.sh says which one holds.

sshd_configuration() { # the path sshd reads by default; fails when there is none
  local path
  for path in /etc/ssh/sshd_config /usr/etc/ssh/sshd_config; do
    if has_file "$path"; then
      printf '%s\n' "$path"
      return 0
    fi
  done
  return 1
}

sshd_program() { # the server's path; fails when none is installed
  local path
  for path in /usr/sbin/sshd /usr/local/sbin/sshd /usr/lib/openssh/sshd /usr/libexec/openssh/sshd; do
    if has_file "$path"; then
      printf '%s\n' "$path"
      return 0
    fi
  done
  return 1
}

sshd_is_installed() {
  sshd_program >/dev/null
}

sshd_statements() { # <path>: "<line> <keyword in lower case> <value>", tabs between; an Include of two patterns is two
  file_awk "$1" "$SSHD_WORDS"'
    function say(keyword, value) { gsub(/\t/, " ", value); print NR "\t" keyword "\t" value }
    function criteria(text, word) {
      while (rest != "" && (word = next_word()) != "" && word !~ /^#/) {
        gsub(/[ \t]/, "?", word)
        text = text (text == "" ? "" : " ") word
      }
      return text
    }
    { rest = $0; sub(/^[ \t\r]+/, "", rest); sub(/[ \t\r\f]+$/, "", rest) }
    rest ~ /^#/ || rest == "" { next }
    {
      keyword = tolower(next_word())
      if (keyword == "") keyword = tolower(next_word())
      if (keyword == "" || keyword ~ /^#/) next
      if (keyword == "match") { say(keyword, criteria()); next }
      if (length(rest) > 4096 || !split_words(rest)) {
        say(keyword == "include" ? "!" : keyword, rest)
        next
      }
      if (keyword == "include") { for (w = 1; w <= words; w++) say(keyword, list[w]); next }
      value = list[1]
      for (w = 2; w <= words; w++) value = value " " list[w]
      say(keyword, words ? value : "")
    }'
}

# An awk program part: sshd parts keywords and criteria in one way, values in another.
# shellcheck disable=SC2016  # dollars are awk's
SSHD_WORDS='
    function next_word(word, c, at) { # takes a word off rest: ends at a blank or one "=", may be quoted
      if (!match(rest, /[ \t\r"=]/)) { word = rest; rest = ""; return word }
      word = substr(rest, 1, RSTART - 1)
      c = substr(rest, RSTART, 1)
      rest = substr(rest, RSTART + 1)
      if (c == "\"") {
        at = index(rest, "\"")
        if (!at) { rest = ""; return "" }
        word = word substr(rest, 1, at - 1)
        rest = substr(rest, at + 1)
      }
      sub(/^[ \t\r]+/, "", rest)
      if (c != "=" && c != "\"" && substr(rest, 1, 1) == "=") sub(/^=[ \t\r]*/, "", rest)
      return word
    }
    function split_words(text, i, n, c, d, quote, word) { # fills list; fails when a quote is not closed
      words = 0
      n = length(text)
      for (i = 1; i <= n; i++) {
        c = substr(text, i, 1)
        if (c == " " || c == "\t") continue
        if (c == "#") break
        word = ""
        for (; i <= n; i++) {
          c = substr(text, i, 1)
          d = substr(text, i + 1, 1)
          if (c == "\\" && (d == "\\" || d == "\"" || d == "\047" || quote == "" && d == " ")) { word = word d; i++ }
          else if (quote == "" && (c == " " || c == "\t")) break
          else if (quote == "" && (c == "\"" || c == "\047")) quote = c
          else if (quote != "" && c == quote) quote = ""
          else word = word c
        }
        list[++words] = word
      }
      return quote == ""
    }
'

sshd_directives() { # [<path> <depth> <match>]: "<keyword> <match, - outside> <file:line> <value>", tabs between; keyword "!" for what stops sshd
  local path=${1-} depth=${2:-0} match=${3:--} outer=${3:--} statements number keyword value
  if [ -z "$path" ]; then
    path=$(sshd_configuration) || return 0
  fi
  if [ "$depth" -gt 16 ]; then
    printf '!\t-\t%s\tfiles include one another too deeply\n' "$path"
    return 1
  elif ! has_file "$path" || ! [ -r "$(in_root "$path")" ]; then
    printf '!\t-\t%s\tthis file is read by sshd, and cannot be read here\n' "$path"
    return 0
  fi
  statements=$(sshd_statements "$path")
  while IFS='	' read -r number keyword value; do
    case $keyword in
      '') ;;
      match)
        match=$value
        # A block of an included file holds only where the block that includes it does.
        [ "$outer" = - ] || match="$outer && $value"
        ;;
      include) sshd_included "$value" "$((depth + 1))" "$match" || return 1 ;;
      *) printf '%s\t%s\t%s\t%s\n' "$keyword" "$match" "$path:$number" "$value" ;;
    esac
  done <<STATEMENTS
$statements
STATEMENTS
}

sshd_included() { # <pattern> <depth> <match>
  local pattern=$1 path
  case $pattern in
    /* | '~'*) ;;
    *) pattern=/etc/ssh/$pattern ;;
  esac
  paths_of_pattern "$pattern" | while IFS= read -r path; do
    sshd_directives "$path" "$2" "$3" || exit 1
  done
}

paths_of_pattern() { # <absolute pattern>: as matching_paths; directories may be patterns too
  local directory path
  directory=${1%/*}
  case $directory in
    *[*?[]*)
      paths_of_pattern "$directory" | while IFS= read -r path; do
        ! has_directory "$path" || matching_paths "$path" "${1##*/}"
      done
      ;;
    *) matching_paths "$directory" "${1##*/}" ;;
  esac
}

know_sshd_directives() { # the same in $WORK/sshd_directives, read once for all checks of a scan
  if [ ! -e "$WORK/sshd_directives.read" ]; then
    sshd_directives >"$WORK/sshd_directives"
    : >"$WORK/sshd_directives.read"
  fi
}

sshd_fault() { # what in the files keeps sshd from starting, as far as it is seen here; empty when nothing
  know_sshd_directives
  awk -F'\t' '$1 == "!" { print $3 ": " $4; exit }' "$WORK/sshd_directives"
}

sshd_setting_lines() { # <keyword>: every place it is set, for evidence
  know_sshd_directives
  awk -F'\t' -v keyword="$1" '
    $1 == tolower(keyword) {
      print $3 ": " keyword " " $4 ($2 == "-" ? "" : " (only for Match " $2 ")")
    }' "$WORK/sshd_directives"
}

sshd_command_line_options() { # options the service is started with, from the distribution's default files
  local path
  for path in /etc/sysconfig/sshd /etc/default/ssh; do
    has_file "$path" || continue
    effective_lines "$path" | awk -v path="$path" '/^(export )?(OPTIONS|SSHD_OPTS)=.*-[of]/ { print path ": " $0 }'
  done
}
