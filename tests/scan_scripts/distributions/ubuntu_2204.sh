# shellcheck shell=dash
# Ubuntu 22.04 as its EC2 image starts.

ubuntu_release 22.04 22.04.5
ubuntu_accounts
# Source: /etc/passwd of Ubuntu 22.04 EC2 images in public write-ups of exercises.
add_lines /etc/passwd <<'PASSWD'
_chrony:x:113:120:Chrony daemon,,,:/var/lib/chrony:/usr/sbin/nologin
PASSWD
add_lines /etc/group <<'GROUP'
_chrony:x:120:
GROUP
home ubuntu 1000 0750
ubuntu_files
ubuntu_stacks nullok yescrypt
add_lines /etc/login.defs <<'LOGIN'
HOME_MODE	0750
LOGIN
programs 4755 0:0 /usr/libexec/polkit-agent-helper-1 /usr/bin/fusermount3
programs 2755 0:5 /usr/bin/write.ul
package polkitd /usr/libexec/polkit-agent-helper-1
package pkexec /usr/bin/pkexec
package fuse3 /bin/fusermount3
package bsdutils /usr/bin/wall /usr/bin/write.ul

ubuntu_server_configuration '#PasswordAuthentication yes
KbdInteractiveAuthentication no'
file /etc/ssh/sshd_config.d/60-cloudimg-settings.conf <<'SSHD'
PasswordAuthentication no
SSHD

file /etc/chrony/chrony.conf <<'CHRONY'
confdir /etc/chrony/conf.d
pool ntp.ubuntu.com        iburst maxsources 4
pool 0.ubuntu.pool.ntp.org iburst maxsources 1
sourcedir /run/chrony-dhcp
sourcedir /etc/chrony/sources.d
driftfile /var/lib/chrony/chrony.drift
rtcsync
CHRONY
enabled_unit chrony.service multi-user.target
