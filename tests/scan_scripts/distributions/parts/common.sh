# shellcheck shell=dash
# What all builders share. Each of them builds the root of an EC2 image as its packages leave it, as far as the
# checks read it. Where a file's content or mode was found in a public copy, a line above it says of what kind; what
# carries no such line is from memory of the distribution.

merged_usr() { # /bin, /sbin and /lib are links, as on every distribution here
  local name
  for name in bin sbin lib; do
    mkdir -p "$ROOT/usr/$name"
    link "/$name" "usr/$name"
  done
}

release() { # <ID> <VERSION_ID> <PRETTY_NAME> <ID_LIKE>
  file /usr/lib/os-release <<RELEASE
NAME="${3%% [0-9]*}"
ID="$1"
ID_LIKE="$4"
VERSION_ID="$2"
PRETTY_NAME="$3"
RELEASE
  link /etc/os-release ../usr/lib/os-release
}

locked_passwords() { # <mode> <uid:gid>: /etc/shadow for /etc/passwd; nobody has a password that opens
  awk -F: '{ print $1 ":" ($3 >= 1000 && $3 < 65534 || $3 == 0 ? "!!" : "*") ":19000:0:99999:7:::" }' \
    "$ROOT/etc/passwd" | file /etc/shadow "$1" "$2"
}

home() { # <account> <uid> <mode>: what /etc/skel and cloud-init put there
  directory "/home/$1" "$3" "$2:$2"
  empty_file "/home/$1/.bashrc" 0644 "$2:$2"
  empty_file "/home/$1/.bash_logout" 0644 "$2:$2"
  directory "/home/$1/.ssh" 0700 "$2:$2"
  file "/home/$1/.ssh/authorized_keys" 0600 "$2:$2" <<'KEY'
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG9wZXJhdGlvbnMgZXhhbXBsZSBrZXkuLi4uLi4uLi4u operations@example.com
KEY
  # cloud-init's disable_root: root's key only says whom to log in as.
  directory /root/.ssh 0700
  file /root/.ssh/authorized_keys 0600 <<KEY
no-port-forwarding,no-agent-forwarding,no-X11-forwarding,command="echo Log in as $1.;exit 142" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG9wZXJhdGlvbnMgZXhhbXBsZSBrZXkuLi4uLi4uLi4u operations@example.com
KEY
  directory /etc/sudoers.d 0750
  file /etc/sudoers.d/90-cloud-init-users 0440 <<SUDO
$1 ALL=(ALL) NOPASSWD:ALL
SUDO
}

programs() { # <octal mode> <uid:gid> <path>...: programs, of which only owner and mode count
  local mode=$1 owner=$2 path
  shift 2
  for path in "$@"; do
    empty_file "$path" "$mode" "$owner"
  done
}

small_files() { # files that are the same everywhere
  file /etc/hosts <<'HOSTS'
127.0.0.1   localhost
::1         localhost
HOSTS
  file /etc/services <<'SERVICES'
ssh             22/tcp
smtp            25/tcp          mail
sunrpc          111/tcp         portmapper
SERVICES
  empty_file /etc/environment
  directory /tmp 1777
  directory /var/tmp 1777
  directory /dev/shm 1777
}

su_of_login_shells() { # su -, whose service includes that of su
  file /etc/pam.d/su-l <<'PAM'
auth            include         su
account         include         su
password        include         su
session         include         su
PAM
}
