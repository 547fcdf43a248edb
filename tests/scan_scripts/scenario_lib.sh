# shellcheck shell=dash
# What a scenario builds its host with: files below $ROOT, their owners and modes in $FLEETDX_METADATA
# (the stand-ins of emulator/shims read it). The directory $ROOT is given and empty.

remember() { # <path> <octal mode> <uid:gid or root>: owner and mode of the path
  local owner=${3:-root}
  [ "$owner" != root ] || owner=0:0
  printf '%s\t%s\t%s\t%s\n' "$1" "$2" "${owner%%:*}" "${owner##*:}" >>"$FLEETDX_METADATA"
}

file() { # <path> [<octal mode> [<uid:gid>]]: content from standard input
  mkdir -p "$ROOT${1%/*}"
  cat >"$ROOT$1"
  remember "$1" "${2:-0644}" "${3:-root}"
}

add_lines() { # <path>: appends standard input
  cat >>"$ROOT$1"
}

empty_file() { # <path> [<octal mode> [<uid:gid>]]
  file "$@" </dev/null
}

directory() { # <path> [<octal mode> [<uid:gid>]]
  mkdir -p "$ROOT$1"
  remember "$1" "${2:-0755}" "${3:-root}"
}

link() { # <path> <target>: a symbolic link
  mkdir -p "$ROOT${1%/*}"
  ln -s "$2" "$ROOT$1"
}

typical_accounts() { # root with a locked password, some system accounts, and alice (UID 1000) without a password
  file /etc/passwd 0644 <<'PASSWD'
root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
alice:x:1000:1000:Alice,,,:/home/alice:/bin/bash
PASSWD
  file /etc/group 0644 <<'GROUP'
root:x:0:
daemon:x:1:
bin:x:2:
sys:x:3:
shadow:x:42:
nogroup:x:65534:
alice:x:1000:
GROUP
  file /etc/shadow 0000 <<'SHADOW'
root:*:19700:0:99999:7:::
daemon:*:19700:0:99999:7:::
bin:*:19700:0:99999:7:::
sys:*:19700:0:99999:7:::
sync:*:19700:0:99999:7:::
nobody:*:19700:0:99999:7:::
alice:!:19700:0:99999:7:::
SHADOW
  directory /root 0700
  directory /home/alice 0750 1000:1000
}

give_alice_a_password() { # [<minimum days> <maximum days> <hash>]
  sed -i '/^alice:/d' "$ROOT/etc/shadow"
  # shellcheck disable=SC2016  # a hash, not a variable
  printf 'alice:%s:19700:%s:%s:7:::\n' "${3:-\$6\$salt\$madeuphash}" "${1-0}" "${2-99999}" >>"$ROOT/etc/shadow"
}

unit() { # <unit>: a unit file that is installed and not enabled
  file "/usr/lib/systemd/system/$1" <<'UNIT'
[Unit]
Description=A unit of a scenario
UNIT
}

enabled_unit() { # <unit> <target>: a unit file with the link that systemctl enable makes
  unit "$1"
  link "/etc/systemd/system/$2.wants/$1" "/usr/lib/systemd/system/$1"
}
