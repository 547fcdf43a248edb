# shellcheck shell=dash
# What shells read at login, statically: statements of the system's and the users' start files, in the
# order in which they take effect. Nothing is executed.

system_shell_files() { # in the order a login shell meets them
  local path
  for path in /etc/profile /etc/profile.local; do
    ! has_file "$path" || printf '%s\n' "$path"
  done
  matching_paths /etc/profile.d '*.sh'
  for path in /etc/bash.bashrc /etc/bashrc /etc/bash.bashrc.local /etc/zshenv /etc/zprofile /etc/zsh/zshenv /etc/zsh/zprofile; do
    ! has_file "$path" || printf '%s\n' "$path"
  done
}

home_shell_files() { # <home directory>
  local name
  for name in .bash_profile .bash_login .profile .bashrc .kshrc .zshenv .zprofile; do
    ! has_file "$1/$name" || printf '%s\n' "$1/$name"
  done
}

shell_statements() { # standard input: paths; "<file>:<line><tab><statement>"
  local path
  while IFS= read -r path; do
    file_awk "$path" -v path="$path" "$SHELL_WORDS"'
      { sub(/\r$/, "") }
      /^[ \t]*#/ || /^[ \t]*$/ { next }
      {
        n = split(part($0), statement, "\n")
        for (i = 1; i <= n; i++) {
          text = statement[i]
          do { before = text; sub(/^[ \t]*(then|else|do|\{|\()[ \t]+/, "", text); sub(/^[ \t]+/, "", text) } while (text != before)
          sub(/[ \t)}]+$/, "", text)
          if (text != "") print path ":" FNR "\t" text
        }
      }'
  done
}

# An awk program part: part(line) puts newlines between statements, words(text) fills word[1..n].
# shellcheck disable=SC2016  # dollars are awk's
SHELL_WORDS='
    # Quotes, $( ) and backticks keep together what stands in them.
    function follow(c) {
      if (quote != "") { if (c == quote) quote = "" }
      else if (c == "\"" || c == "\047" || c == "`") quote = c
      else if (c == "(") depth++
      else if (c == ")" && depth > 0) depth--
      return quote == "" && depth == 0
    }
    function part(text, i, c, out) {
      quote = ""; depth = 0; out = ""
      for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (!follow(c)) { out = out c; continue }
        if (c == "#" && (i == 1 || substr(text, i - 1, 1) ~ /[ \t;]/)) break
        out = out (c ~ /[;&|]/ ? "\n" : c)
      }
      return out
    }
    function words(text, i, c, n, current, started) {
      quote = ""; depth = 0; n = 0; current = ""; started = 0
      for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (follow(c) && c ~ /[ \t]/) {
          if (started) word[++n] = current
          current = ""; started = 0
          continue
        }
        started = 1
        if (c != "\"" && c != "\047") current = current c
      }
      if (started) word[++n] = current
      return n
    }
'

assignments() { # <variable>: standard input: statements; "<place> <marks> <value>", tabs between
  # Marks: x exported, r readonly, - none. Values: as written, "marked" (no new value) or "unset".
  awk -F'\t' -v name="$1" "$SHELL_WORDS"'
    function is_assignment(text) { return text ~ /^[A-Za-z_][A-Za-z0-9_]*\+?=/ }
    function report(text) {
      if (text == name) print $1 "\t" marks "\tmarked"
      else if (index(text, name "=") == 1) print $1 "\t" marks "\t" substr(text, length(name) + 2)
    }
    {
      n = words(substr($0, length($1) + 2))
      marks = ""
      first = 1
      if (word[1] == "unset") {
        for (i = 2; i <= n; i++) if (word[i] == name) print $1 "\t-\tunset"
        next
      }
      if (word[1] ~ /^(export|readonly|declare|typeset|local)$/) {
        if (word[1] == "export") marks = "x"
        if (word[1] == "readonly") marks = "r"
        for (first = 2; first <= n && word[first] ~ /^-/; first++) {
          if (word[first] ~ /x/) marks = marks "x"
          if (word[first] ~ /r/) marks = marks "r"
        }
      }
      # "NAME=value command" holds for that command only.
      else for (i = 1; i <= n; i++) if (!is_assignment(word[i])) next
      if (marks == "") marks = "-"
      for (i = first; i <= n; i++) report(word[i])
    }'
}
