# shellcheck shell=dash
# Amazon Linux 2 as its EC2 image starts.

release amzn 2 'Amazon Linux 2' 'centos rhel fedora'
family_accounts ec2-user
# Source: /etc/passwd of an Amazon Linux 2 instance in a public write-up of a security exercise.
accounts_of_release_7
sed -i 's/^chrony:x:998:995:/chrony:x:997:995:/' "$ROOT/etc/passwd"
add_lines /etc/passwd <<'PASSWD'
libstoragemgmt:x:999:994:daemon account for libstoragemgmt:/var/run/lsm:/sbin/nologin
ec2-instance-connect:x:998:996::/home/ec2-instance-connect:/sbin/nologin
ec2-user:x:1000:1000:EC2 Default User:/home/ec2-user:/bin/bash
PASSWD
add_lines /etc/group <<'GROUP'
libstoragemgmt:x:994:
ec2-instance-connect:x:996:
ec2-user:x:1000:
GROUP
locked_passwords 0000 0:0
home ec2-user 1000 0700
files_of_release_7
enabled_unit amazon-ssm-agent.service multi-user.target
file /var/lib/update-motd/motd <<'MOTD'

       __|  __|_  )
       _|  (     /   Amazon Linux 2 AMI
      ___|\___|___|

https://aws.amazon.com/amazon-linux-2/
MOTD
link /etc/motd /var/lib/update-motd/motd

# The package at.
file /etc/at.deny </dev/null
programs 4755 0:0 /usr/bin/at
enabled_unit atd.service multi-user.target

server_configuration '#PermitRootLogin yes'
add_lines /etc/ssh/sshd_config <<'SSHD'
AuthorizedKeysCommand /opt/aws/bin/eic_run_authorized_keys %u %f
AuthorizedKeysCommandUser ec2-instance-connect
SSHD

file /etc/chrony.conf <<'CHRONY'
pool 2.amazon.pool.ntp.org iburst
server 169.254.169.123 prefer iburst minpoll 4 maxpoll 4
driftfile /var/lib/chrony/drift
makestep 1.0 3
rtcsync
CHRONY
