# shellcheck shell=dash
# On the running host sshd itself is asked what holds (sshd -T); the files are read besides, for the lines
# to name, for Match blocks that another connection would meet, and for hosts where sshd does not answer.

# An address kept for documentation: no Match block names it unless it means everybody.
SSHD_ANY_CONNECTION='host=client.invalid,addr=192.0.2.1,laddr=192.0.2.2,lport=22'

sshd_answers() { # [<user>]: what sshd -T prints, asked once for all checks of a scan; fails, with the reason on standard output, when it does not
  local answer=$WORK/sshd_answer.${1-} reason program
  if [ ! -e "$answer.status" ]; then
    reason=$(sshd_is_not_to_be_asked)
    if [ -n "$reason" ]; then
      printf '%s\n' "$reason" >"$answer.fault"
    else
      program=$(sshd_program)
      # shellcheck disable=SC2086  # two words, or none
      "$program" -T ${1:+-C "user=$1,$SSHD_ANY_CONNECTION"} </dev/null >"$answer" 2>"$answer.fault"
    fi
    grep -qi '^permitrootlogin ' "$answer" 2>/dev/null
    printf '%s\n' "$?" >"$answer.status"
  fi
  if [ "$(cat "$answer.status")" = 0 ]; then
    cat "$answer"
  else
    tail -n 1 "$answer.fault" | tr -d '\r'
    return 1
  fi
}

sshd_is_not_to_be_asked() { # why not; empty when it may be
  if [ -n "$ROOT" ]; then
    printf 'an unpacked root is scanned\n'
  elif [ "$(id -u)" != 0 ]; then
    printf 'only root may ask it\n'
  elif ! sshd_is_installed; then
    printf 'it is not installed\n'
  elif sshd_listens_on_names; then
    printf 'ListenAddress is a name, which it would ask DNS for\n'
  fi
}

sshd_listens_on_names() {
  know_sshd_directives
  awk -F'\t' '
    $1 == "listenaddress" { split($4, word, " "); if (word[1] !~ /^[][0-9a-fA-F:.*]+$/) found = 1 }
    END { exit !found }' "$WORK/sshd_directives"
}

sshd_effective() { # <keyword> [<user>]: its value for everybody, or for the user from an address that no file names; evidence of how it was found
  local read answered connection=''
  [ -z "${2-}" ] || connection="user=$2,$SSHD_ANY_CONNECTION"
  read=$(sshd_values "$1" "$connection" | awk -F'\t' '$1 == "certain" { print $2 }')
  if answered=$(sshd_answers "${2-}"); then
    answered=$(printf '%s\n' "$answered" | awk -v keyword="$1" '
      $1 == tolower(keyword) { sub(/^[^ ]+ /, ""); print; exit }')
    if [ -n "$read" ] && [ "$(sshd_normal "$read")" != "$(sshd_normal "$answered")" ]; then
      evidence "sshd -T: $1 $answered; the files read as $read, sshd -T is believed"
    else
      evidence "sshd -T: $1 $answered"
    fi
    read=$answered
  elif [ -z "$ROOT" ]; then
    evidence "sshd -T was not used, the files were read instead: $answered"
  fi
  printf '%s\n' "$read"
}

sshd_normal() { # <value>: the same in the words of sshd -T
  printf '%s\n' "$1" | awk '{ value = tolower($0); sub(/^prohibit-password$/, "without-password", value); print value }'
}
