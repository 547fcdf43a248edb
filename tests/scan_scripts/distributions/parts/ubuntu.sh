# shellcheck shell=dash
# What Ubuntu 20.04 and 22.04 have in common.

ubuntu_release() { # <VERSION_ID> <with patch level>
  release ubuntu "$1" "Ubuntu $2 LTS" debian
  file /etc/issue <<ISSUE
Ubuntu $2 LTS \n \l

ISSUE
  file /etc/issue.net <<ISSUE
Ubuntu $2 LTS
ISSUE
}

ubuntu_shell_files() {
  file /etc/profile <<'PROFILE'
if [ "${PS1-}" ]; then
  if [ "${BASH-}" ] && [ "$BASH" != "/bin/sh" ]; then
    if [ -f /etc/bash.bashrc ]; then
      . /etc/bash.bashrc
    fi
  fi
fi
if [ -d /etc/profile.d ]; then
  for i in /etc/profile.d/*.sh; do
    if [ -r $i ]; then
      . $i
    fi
  done
  unset i
fi
PROFILE
  file /etc/bash.bashrc <<'BASHRC'
[ -z "$PS1" ] && return
shopt -s checkwinsize
BASHRC
  file /etc/environment <<'ENVIRONMENT'
PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games:/snap/bin"
ENVIRONMENT
  file /root/.profile <<'PROFILE'
if [ "$BASH" ]; then
  if [ -f ~/.bashrc ]; then
    . ~/.bashrc
  fi
fi
mesg n 2> /dev/null || true
PROFILE
  empty_file /root/.bashrc
}

ubuntu_cron() { # the package cron and what others put below it
  file /etc/crontab <<'CRON'
SHELL=/bin/sh
PATH=/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin
17 *	* * *	root    cd / && run-parts --report /etc/cron.hourly
25 6	* * *	root	test -x /usr/sbin/anacron || ( cd / && run-parts --report /etc/cron.daily )
CRON
  empty_file /etc/cron.d/e2scrub_all
  empty_file /etc/cron.d/.placeholder
  programs 0755 0:0 /etc/cron.daily/apport /etc/cron.daily/apt-compat /etc/cron.daily/dpkg /etc/cron.daily/logrotate \
    /etc/cron.daily/man-db /etc/cron.weekly/man-db
  directory /etc/cron.hourly
  directory /etc/cron.monthly
  directory /var/spool/cron/crontabs 1730 0:105
  programs 2755 0:105 /usr/bin/crontab
  enabled_unit cron.service multi-user.target
}

ubuntu_logging() { # rsyslog runs as syslog and owns what it writes
  file /etc/rsyslog.conf <<'RSYSLOG'
module(load="imuxsock")
module(load="imklog" permitnonkernelfacility="on")
$ActionFileDefaultTemplate RSYSLOG_TraditionalFileFormat
$RepeatedMsgReduction on
$FileOwner syslog
$FileGroup adm
$FileCreateMode 0640
$DirCreateMode 0755
$Umask 0022
$PrivDropToUser syslog
$PrivDropToGroup syslog
$WorkDirectory /var/spool/rsyslog
$IncludeConfig /etc/rsyslog.d/*.conf
RSYSLOG
  file /etc/rsyslog.d/20-ufw.conf <<'RSYSLOG'
:msg,contains,"[UFW " /var/log/ufw.log
RSYSLOG
  file /etc/rsyslog.d/21-cloudinit.conf <<'RSYSLOG'
:syslogtag, isequal, "[CLOUDINIT]" /var/log/cloud-init.log
& stop
RSYSLOG
  file /etc/rsyslog.d/50-default.conf <<'RSYSLOG'
auth,authpriv.*			/var/log/auth.log
*.*;auth,authpriv.none		-/var/log/syslog
kern.*				-/var/log/kern.log
mail.*				-/var/log/mail.log
mail.err			/var/log/mail.err
*.emerg				:omusrmsg:*
RSYSLOG
  enabled_unit rsyslog.service multi-user.target
  directory /var/log 0775 0:110
  programs 0640 104:4 /var/log/syslog /var/log/auth.log /var/log/kern.log /var/log/cloud-init.log
  programs 0640 0:4 /var/log/dmesg
  programs 0644 0:0 /var/log/dpkg.log /var/log/alternatives.log
  programs 0664 0:43 /var/log/wtmp /var/log/lastlog
  programs 0660 0:43 /var/log/btmp
  directory /var/log/journal 2755 0:101
}

package() { # <name> <path>...: dpkg's list of what a package brought
  local name=$1
  shift
  printf '%s\n' /. "$@" | file "/var/lib/dpkg/info/$name.list"
}

ubuntu_programs() { # set-user-ID and set-group-ID files, with the packages that brought them (paths as built: /bin/su)
  # Source: lists of such files on Ubuntu 20.04 EC2 images in public write-ups of exercises.
  programs 4755 0:0 /usr/bin/su /usr/bin/mount /usr/bin/umount /usr/bin/fusermount /usr/bin/sudo /usr/bin/passwd \
    /usr/bin/chsh /usr/bin/chfn /usr/bin/gpasswd /usr/bin/newgrp /usr/bin/pkexec /usr/lib/snapd/snap-confine \
    /usr/lib/openssh/ssh-keysign
  programs 4754 0:106 /usr/lib/dbus-1.0/dbus-daemon-launch-helper
  programs 2755 0:42 /usr/bin/chage /usr/bin/expiry /usr/sbin/unix_chkpwd /usr/sbin/pam_extrausers_chkpwd
  programs 2755 0:114 /usr/bin/ssh-agent
  programs 2755 0:5 /usr/bin/wall
  programs 2755 0:43 /usr/lib/x86_64-linux-gnu/utempter/utempter
  programs 0755 0:0 /usr/sbin/sshd /usr/sbin/cron /usr/sbin/rsyslogd
  package util-linux /bin/su
  package mount /bin/mount /bin/umount
  package fuse /bin/fusermount
  package sudo /usr/bin/sudo
  package passwd /usr/bin/passwd /usr/bin/chsh /usr/bin/chfn /usr/bin/gpasswd /usr/bin/chage /usr/bin/expiry
  package login /usr/bin/newgrp
  package snapd /usr/lib/snapd/snap-confine
  package openssh-client /usr/lib/openssh/ssh-keysign /usr/bin/ssh-agent
  package dbus /usr/lib/dbus-1.0/dbus-daemon-launch-helper
  package libpam-modules-bin /sbin/unix_chkpwd /sbin/pam_extrausers_chkpwd
  package cron /usr/bin/crontab
  package libutempter0 /usr/lib/x86_64-linux-gnu/utempter/utempter
}

ubuntu_firewall() { # installed, its unit enabled, and still off
  file /etc/ufw/ufw.conf 0644 <<'UFW'
ENABLED=no
LOGLEVEL=low
UFW
  file /etc/default/ufw 0644 <<'UFW'
IPV6=yes
DEFAULT_INPUT_POLICY="DROP"
DEFAULT_OUTPUT_POLICY="ACCEPT"
DEFAULT_FORWARD_POLICY="DROP"
UFW
  enabled_unit ufw.service multi-user.target
}

ubuntu_files() { # the rest
  locked_passwords 0640 0:42
  merged_usr
  small_files
  ubuntu_shell_files
  ubuntu_login_definitions
  ubuntu_cron
  ubuntu_logging
  ubuntu_programs
  ubuntu_firewall
  file /etc/sudoers 0440 <<'SUDO'
Defaults	env_reset
Defaults	mail_badpass
Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"
root	ALL=(ALL:ALL) ALL
%admin ALL=(ALL) ALL
%sudo	ALL=(ALL:ALL) ALL
#includedir /etc/sudoers.d
SUDO
  empty_file /etc/hosts.allow
  empty_file /etc/hosts.deny
  programs 0755 0:0 /etc/init.d/cron /etc/init.d/ssh /etc/init.d/rsyslog
  link /etc/rc2.d/S01cron ../init.d/cron
  programs 0755 0:0 /etc/update-motd.d/00-header
  file /etc/apt/apt.conf.d/20auto-upgrades <<'APT'
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
APT
  enabled_unit ssh.service multi-user.target
  link /etc/systemd/system/sshd.service /lib/systemd/system/ssh.service
}

ubuntu_server_configuration() { # <lines about passwords>: openssh-server's
  file /etc/ssh/sshd_config <<SSHD
Include /etc/ssh/sshd_config.d/*.conf
#PermitRootLogin prohibit-password
$1
UsePAM yes
X11Forwarding yes
PrintMotd no
AcceptEnv LANG LC_*
Subsystem	sftp	/usr/lib/openssh/sftp-server
SSHD
  directory /etc/ssh/sshd_config.d
}
