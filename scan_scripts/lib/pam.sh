# shellcheck shell=dash
# PAM stacks, with include, substack and @include followed. A commented line is no line.

pam_file() { # <service>: the path of its configuration; fails when there is none
  local directory
  for directory in /etc/pam.d /usr/lib/pam.d; do
    if has_file "$directory/$1"; then
      printf '%s/%s\n' "$directory" "$1"
      return 0
    fi
  done
  return 1
}

pam_rules() { # <path>: "<type> <control> <module> <file> <arguments>", tabs between, continued lines joined
  file_awk "$1" -v path="$1" '
    { sub(/\r$/, "") }
    /\\$/ { joined = joined substr($0, 1, length($0) - 1) " "; next }
    {
      line = joined $0
      joined = ""
      sub(/#.*$/, "", line); sub(/^[ \t]+/, "", line); sub(/[ \t]+$/, "", line)
      if (line == "") next
      gsub(/\t/, " ", line)
      if (line ~ /^@include /) { sub(/^@include +/, "", line); print "@include\t-\t" line "\t" path "\t"; next }
      type = line; sub(/ .*$/, "", type); sub(/^[^ ]+ +/, "", line); sub(/^-/, "", type)
      if (substr(line, 1, 1) == "[") { control = line; sub(/\].*$/, "]", control); sub(/^\[[^]]*\] */, "", line) }
      else { control = line; sub(/ .*$/, "", control); sub(/^[^ ]+ */, "", line) }
      module = line; sub(/ .*$/, "", module); sub(/^[^ ]+ */, "", line); if (line == module) line = ""
      sub(/^.*\//, "", module)
      print tolower(type) "\t" tolower(control) "\t" module "\t" path "\t" line
    }'
}

know_pam_rules() { # <path> <depth>: sets PAM_RULES, the file that has its pam_rules; those of a plain name are read once for all checks of a scan
  local name=${1##*/}
  # While one stack is read, only those that it includes, each deeper by one, are read too.
  PAM_RULES=$OUT/pam_rules.$2
  if [ "$1" = "/etc/pam.d/$name" ] && is_plain_name "$name"; then
    PAM_RULES=$WORK/pam_rules.$name
    [ ! -e "$PAM_RULES.read" ] || return 0
  fi
  pam_rules "$1" >"$PAM_RULES"
  : >"$PAM_RULES.read"
}

is_plain_name() { # <name>: short, and of letters, digits, "_" and "-" only
  case $1 in
    *[!A-Za-z0-9_-]*) return 1 ;;
  esac
  [ "${#1}" -le 64 ]
}

pam_stack() { # <service> <type> [<depth>]: "<control> <module> <file> <arguments>", tabs between, in order
  local path type control module file arguments depth=${3:-0}
  [ "$depth" -le 16 ] || return 1
  path=$(pam_file "$1") || return 1
  know_pam_rules "$path" "$depth"
  while IFS='	' read -r type control module file arguments; do
    case $type.$control in
      .) ;;
      # A stack that is named and missing adds no rule.
      @include.* | "$2.include" | "$2.substack") pam_stack "$module" "$2" "$((depth + 1))" || : ;;
      "$2".*) printf '%s\t%s\t%s\t%s\n' "$control" "$module" "$file" "$arguments" ;;
    esac
  done <"$PAM_RULES"
}

pam_login_services() { # the services people log in through; shared stacks when no such service exists
  local service found=''
  for service in sshd login; do
    if pam_file "$service" >/dev/null; then
      printf '%s\n' "$service"
      found=yes
    fi
  done
  [ -z "$found" ] || return 0
  for service in password-auth system-auth common-auth; do
    if pam_file "$service" >/dev/null; then
      printf '%s\n' "$service"
    fi
  done
}

pam_password_service() { # the service that changes passwords; fails when PAM has none
  local service
  for service in passwd system-auth common-password; do
    if pam_file "$service" >/dev/null; then
      printf '%s\n' "$service"
      return 0
    fi
  done
  return 1
}

pam_argument() { # <name>: standard input: arguments; the last value of name=
  tr -s ' ' '\n' | awk -v name="$1=" 'index($0, name) == 1 { value = substr($0, length(name) + 1) } END { print value }'
}

module_settings() { # <path>...: "<name> <value>" of files with "name = value" or bare names
  local path
  for path in "$@"; do
    has_file "$path" || continue
    # In these files # starts a comment wherever it stands.
    file_awk "$path" '
      { sub(/#.*$/, ""); sub(/\r$/, ""); gsub(/[ \t]*=[ \t]*/, " "); $1 = $1 }
      $0 != "" { print tolower($1), (NF > 1 ? $2 : "yes") }'
  done
}

module_setting() { # <name>: standard input: module_settings; the last value, empty when unset
  awk -v name="$1" '$1 == name { value = $2 } END { print value }'
}

password_policy_missing() { # <reason>: fail, or manual when no account has a password that a policy could govern
  if has_file /etc/shadow && [ -z "$(accounts_with_password)" ]; then
    manual "$1; no local account has a usable password now, so it matters once one is set"
  else
    fail "$1"
  fi
}

is_number() { # <text>: decimal digits only
  case $1 in
    '' | *[!0-9]*) return 1 ;;
  esac
}
