# shellcheck shell=dash
# Ubuntu 20.04 as its EC2 image starts.

ubuntu_release 20.04 20.04.6
ubuntu_accounts
add_lines /etc/passwd <<'PASSWD'
systemd-coredump:x:999:999:systemd Core Dumper:/:/usr/sbin/nologin
PASSWD
add_lines /etc/group <<'GROUP'
systemd-coredump:x:999:
GROUP
home ubuntu 1000 0755
ubuntu_files
ubuntu_stacks nullok_secure sha512

# The package at, which later server images lack; the directory of policykit before its new name.
programs 6755 1:1 /usr/bin/at
empty_file /etc/at.deny 0640 0:1
package at /usr/bin/at
enabled_unit atd.service multi-user.target
programs 4755 0:0 /usr/lib/policykit-1/polkit-agent-helper-1 /usr/lib/eject/dmcrypt-get-device
programs 2755 0:5 /usr/bin/bsd-write
package policykit-1 /usr/lib/policykit-1/polkit-agent-helper-1 /usr/bin/pkexec
package eject /usr/lib/eject/dmcrypt-get-device
package bsdutils /usr/bin/wall
package bsdmainutils /usr/bin/bsd-write

# cloud-init of this release writes its answer into the file itself.
ubuntu_server_configuration 'PasswordAuthentication no
ChallengeResponseAuthentication no'

# No chrony: the accounts of the sources above have systemd-timesync only.
file /etc/systemd/timesyncd.conf <<'TIME'
[Time]
#NTP=
#FallbackNTP=ntp.ubuntu.com
TIME
enabled_unit systemd-timesyncd.service sysinit.target
