# shellcheck shell=dash
# What distributions ship: file modes that break a guide's letter, and installed packages. Package
# databases are read as files, so an unpacked root is never asked through this machine's tools.

distribution_default() { # <path> <octal mode> <uid>: a note when distributions ship the file so, for a waiver
  local note=' (as distributions ship it)'
  case "$1 $2 $3" in
    '/etc/shadow 640 0')
      # Of the supported ones only Debian and Ubuntu do; the Red Hat family ships 0000.
      ! has_directory /var/lib/dpkg || printf '%s\n' "$note"
      ;;
    # at of Debian and Ubuntu is daemon's.
    '/usr/bin/at 6755 1' | '/etc/at.deny 644 0' | '/etc/rsyslog.conf 644 0' | '/etc/rsyslog.d/'*' 644 0' | \
      '/etc/crontab 644 0' | '/etc/cron.d/'*' 644 0' | \
      '/etc/cron.'*'/'*' 755 0' | '/usr/bin/crontab '[24]'755 0' | '/usr/bin/at '[46]'755 0' | \
      '/var/log/wtmp 664 0' | '/var/log/btmp 660 0' | '/var/log/lastlog 664 0')
      printf '%s\n' "$note"
      ;;
    '/var/log/'*)
      # Ubuntu's rsyslog runs as syslog, so what it writes is that account's.
      [ "$3" = 0 ] || [ "$3" != "$(passwd_records | awk -F: '$1 == "syslog" { print $3; exit }')" ] || printf '%s\n' "$note"
      ;;
  esac
}

root_login_when_unset() { # what the release's OpenSSH takes PermitRootLogin for where no line sets it
  case $(release_name) in
    # Red Hat's 7.4 keeps the default from before 7.0 (its openssh-7.4p1-permit-root-login.patch, and its manual page
    # sshd_config(5)); Amazon Linux 2 has the same OpenSSH. Release 8 names yes in the file instead.
    centos-7 | rhel-7 | rhel-7.* | ol-7 | ol-7.* | amzn-2) printf 'yes\n' ;;
    *) printf 'prohibit-password\n' ;;
  esac
}

dpkg_version() { # <package>: the version that dpkg's database has installed; empty when there is none
  has_file /var/lib/dpkg/status || return 0
  file_awk /var/lib/dpkg/status -v package="$1" '
    $1 == "Package:" { current = $2; installed = 0 }
    $1 == "Status:" { installed = $NF == "installed" }
    $1 == "Version:" && current == package && installed { print $2; exit }'
}

package_version() { # <packages>: "<package> <version>" of those installed; rpm is asked on the running host only
  local package version
  for package in $1; do
    version=$(dpkg_version "$package")
    if [ -z "$version" ] && [ -z "$ROOT" ] && command -v rpm >/dev/null 2>&1; then
      version=$(rpm -q --queryformat '%{VERSION}-%{RELEASE}' "$package" 2>/dev/null) || version=''
    fi
    [ -z "$version" ] || printf '%s %s\n' "$package" "$version"
  done
}

last_package_changes() { # when packages were last installed or updated, from the package tools' own logs
  local path
  for path in /var/log/dpkg.log /var/log/dnf.rpm.log /var/log/yum.log; do
    has_file "$path" || continue
    file_awk "$path" -v path="$path" 'NF { line = $0 } END { if (line != "") print path ": last line of " substr(line, 1, 16) }'
  done
}
