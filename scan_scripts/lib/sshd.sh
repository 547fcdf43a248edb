# shellcheck shell=dash
# The SSH server's configuration as sshd reads it: Include in place, drop-ins in lexical order, the
# first value wins, keywords in any case, "Key value" and "Key=value". What stands in a Match block
# (which ends with its file) is kept apart from what holds for everybody.

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

sshd_is_installed() {
  local path
  for path in /usr/sbin/sshd /usr/local/sbin/sshd /usr/lib/openssh/sshd /usr/libexec/openssh/sshd; do
    ! has_file "$path" || return 0
  done
  return 1
}

sshd_statements() { # <path>: "<line> <keyword in lower case> <value>", tabs between
  effective_lines_numbered "$1" | awk -F'\t' '
    {
      number = $1
      text = substr($0, length(number) + 2)
      if (!match(text, /^[A-Za-z0-9]+/)) next
      keyword = tolower(substr(text, 1, RLENGTH))
      value = substr(text, RLENGTH + 1)
      sub(/^[ \t]*=?[ \t]*/, "", value)
      if (value ~ /^"[^"]*"$/) value = substr(value, 2, length(value) - 2)
      printf "%s\t%s\t%s\n", number, keyword, value
    }'
}

effective_lines_numbered() { # <path>: "<line number><tab><line without comment>"
  file_text "$1" | awk '
    { sub(/\r$/, ""); sub(/^[ \t]+/, "") }
    /^#/ { next }
    { sub(/[ \t]#.*$/, ""); sub(/[ \t]+$/, "") }
    $0 != "" { print NR "\t" $0 }'
}

sshd_directives() { # [<path> <depth> <match>]: "<keyword> <match, - outside> <file:line> <value>", tabs between
  local path=${1-} depth=${2:-0} match=${3:--} statements number keyword value
  if [ -z "$path" ]; then
    path=$(sshd_configuration) || return 0
  fi
  [ "$depth" -le 16 ] || return 1
  statements=$(sshd_statements "$path") || return 1
  while IFS='	' read -r number keyword value; do
    case $keyword in
      '') ;;
      match) match=$value ;;
      include) sshd_included "$value" "$((depth + 1))" "$match" || return 1 ;;
      *) printf '%s\t%s\t%s\t%s\n' "$keyword" "$match" "$path:$number" "$value" ;;
    esac
  done <<STATEMENTS
$statements
STATEMENTS
}

sshd_included() { # <patterns> <depth> <match>
  local pattern path
  printf '%s\n' "$1" | awk '{ gsub(/"/, ""); gsub(/[ \t]+/, "\n"); print }' | while IFS= read -r pattern; do
    case $pattern in
      '') continue ;;
      /*) ;;
      *) pattern=/etc/ssh/$pattern ;;
    esac
    matching_paths "${pattern%/*}" "${pattern##*/}" | while IFS= read -r path; do
      sshd_directives "$path" "$2" "$3" || exit 1
    done || exit 1
  done
}

sshd_setting() { # <keyword>: the value for everybody; empty when unset
  sshd_directives | awk -F'\t' -v keyword="$1" '
    BEGIN { keyword = tolower(keyword) }
    $1 == keyword && tolower($2) == "all" && !all_seen { all_seen = 1; all_value = $4 }
    $1 == keyword && $2 == "-" && !seen { seen = 1; value = $4 }
    END { print all_seen ? all_value : value }'
}

sshd_setting_lines() { # <keyword>: every place it is set, for evidence
  sshd_directives | awk -F'\t' -v keyword="$1" '
    $1 == tolower(keyword) {
      print $3 ": " keyword " " $4 ($2 == "-" ? "" : " (only for Match " $2 ")")
    }'
}

sshd_match_values() { # <keyword>: "<value><tab><match>" of each Match block that sets it
  sshd_directives | awk -F'\t' -v keyword="$1" \
    '$1 == tolower(keyword) && $2 != "-" && tolower($2) != "all" { print $4 "\t" $2 }'
}

sshd_command_line_options() { # options the service is started with, from the distribution's default files
  local path
  for path in /etc/sysconfig/sshd /etc/default/ssh; do
    has_file "$path" || continue
    effective_lines "$path" | awk -v path="$path" '/^(export )?(OPTIONS|SSHD_OPTS)=.*-[of]/ { print path ": " $0 }'
  done
}
