# shellcheck shell=dash
# CentOS 7 as its EC2 image starts.

release centos 7 'CentOS Linux 7 (Core)' 'rhel fedora'
family_accounts centos
accounts_of_release_7
add_lines /etc/passwd <<'PASSWD'
polkitd:x:999:998:User for polkitd:/:/sbin/nologin
centos:x:1000:1000:Cloud User:/home/centos:/bin/bash
PASSWD
add_lines /etc/group <<'GROUP'
polkitd:x:998:
cgred:x:996:
centos:x:1000:
GROUP
locked_passwords 0000 0:0
home centos 1000 0700
files_of_release_7
empty_file /etc/motd
empty_file /etc/hosts.allow
empty_file /etc/hosts.deny
empty_file /var/log/yum.log 0600
empty_file /var/log/tallylog 0600

server_configuration '#PermitRootLogin yes'

file /etc/chrony.conf <<'CHRONY'
server 0.centos.pool.ntp.org iburst
server 1.centos.pool.ntp.org iburst
server 2.centos.pool.ntp.org iburst
server 3.centos.pool.ntp.org iburst
driftfile /var/lib/chrony/drift
makestep 1.0 3
rtcsync
logdir /var/log/chrony
CHRONY
