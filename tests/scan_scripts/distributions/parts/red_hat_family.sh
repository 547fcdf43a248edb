# shellcheck shell=dash
# What CentOS 7, Amazon Linux 2 and the releases 8 have in common.

shell_files() { # the start files of the package setup up to release 8: 002 for accounts with a group of their own
  # Source: the umask part of /etc/profile is quoted in the RHEL 7 and 8 rules of SCAP Security Guide.
  file /etc/profile <<'PROFILE'
pathmunge () {
    case ":${PATH}:" in
        *:"$1":*)
            ;;
        *)
            if [ "$2" = "after" ] ; then
                PATH=$PATH:$1
            else
                PATH=$1:$PATH
            fi
    esac
}
HISTSIZE=1000
export PATH USER LOGNAME MAIL HOSTNAME HISTSIZE HISTCONTROL
if [ $UID -gt 199 ] && [ "`/usr/bin/id -gn`" = "`/usr/bin/id -un`" ]; then
    umask 002
else
    umask 022
fi
for i in /etc/profile.d/*.sh /etc/profile.d/sh.local ; do
    if [ -r "$i" ]; then
        . "$i"
    fi
done
unset i
unset -f pathmunge
PROFILE
  file /etc/bashrc <<'BASHRC'
if ! shopt -q login_shell ; then
    if [ $UID -gt 199 ] && [ "`/usr/bin/id -gn`" = "`/usr/bin/id -un`" ]; then
       umask 002
    else
       umask 022
    fi
    SHELL=/bin/bash
fi
BASHRC
  empty_file /etc/csh.cshrc
  empty_file /etc/csh.login
  file /etc/profile.d/lang.sh <<'LANG'
[ -r /etc/locale.conf ] && . /etc/locale.conf
LANG
  file /root/.bash_profile <<'PROFILE'
if [ -f ~/.bashrc ]; then
        . ~/.bashrc
fi
PATH=$PATH:$HOME/bin
export PATH
PROFILE
  empty_file /root/.bashrc
}

cron_files() { # cronie and cronie-anacron
  file /etc/crontab <<'CRON'
SHELL=/bin/bash
PATH=/sbin:/bin:/usr/sbin:/usr/bin
MAILTO=root
CRON
  file /etc/cron.d/0hourly <<'CRON'
SHELL=/bin/bash
PATH=/sbin:/bin:/usr/sbin:/usr/bin
MAILTO=root
01 * * * * root run-parts /etc/cron.hourly
CRON
  file /etc/anacrontab 0600 <<'CRON'
1	5	cron.daily		nice run-parts /etc/cron.daily
CRON
  empty_file /etc/cron.deny 0600
  empty_file /etc/cron.hourly/0anacron 0755
  empty_file /etc/cron.daily/logrotate 0700
  directory /etc/cron.weekly
  directory /etc/cron.monthly
  directory /var/spool/cron 0700
  programs 4755 0:0 /usr/bin/crontab
  enabled_unit crond.service multi-user.target
}

log_rules() { # the rules of rsyslog.conf, the same in all releases
  # Source: rsyslog.conf of CentOS 7 without comments, in public notes.
  cat <<'RULES'
*.info;mail.none;authpriv.none;cron.none                /var/log/messages
authpriv.*                                              /var/log/secure
mail.*                                                  -/var/log/maillog
cron.*                                                  /var/log/cron
*.emerg                                                 :omusrmsg:*
uucp,news.crit                                          /var/log/spooler
local7.*                                                /var/log/boot.log
RULES
}

log_files() { # <mode of btmp> <mode and owner of lastlog>
  local name
  for name in messages secure maillog cron spooler; do
    empty_file "/var/log/$name" 0600
  done
  empty_file /var/log/boot.log
  empty_file /var/log/cloud-init.log
  empty_file /var/log/wtmp 0664 0:22
  empty_file /var/log/btmp "$1" 0:22
  # shellcheck disable=SC2086  # a mode and an owner
  empty_file /var/log/lastlog $2
}

family_programs() { # set-user-ID and set-group-ID files of the basic packages
  programs 4755 0:0 /usr/bin/chage /usr/bin/gpasswd /usr/bin/mount /usr/bin/newgrp /usr/bin/passwd /usr/bin/su \
    /usr/bin/umount /usr/bin/pkexec /usr/lib/polkit-1/polkit-agent-helper-1 /usr/sbin/pam_timestamp_check \
    /usr/sbin/unix_chkpwd
  programs 4711 0:0 /usr/bin/chfn /usr/bin/chsh
  programs 4111 0:0 /usr/bin/sudo
  programs 2755 0:5 /usr/bin/write
  programs 2711 0:22 /usr/libexec/utempter/utempter
  programs 4750 0:81 /usr/libexec/dbus-1/dbus-daemon-launch-helper
  programs 0755 0:0 /usr/sbin/sshd
}

sudoers() {
  file /etc/sudoers 0440 <<'SUDO'
Defaults   !visiblepw
Defaults    always_set_home
Defaults    env_reset
Defaults    secure_path = /sbin:/bin:/usr/sbin:/usr/bin
root	ALL=(ALL) 	ALL
%wheel	ALL=(ALL)	ALL
#includedir /etc/sudoers.d
SUDO
}

family_files() { # the rest
  merged_usr
  small_files
  sudoers
  shell_files
  pam_services
  cron_files
  family_programs
  file /etc/issue <<'ISSUE'
\S
Kernel \r on an \m

ISSUE
  file /etc/issue.net <<'ISSUE'
\S
Kernel \r on an \m
ISSUE
  file /etc/rc.d/rc.local <<'RC'
#!/bin/bash
touch /var/lock/subsys/local
RC
  link /etc/rc.local rc.d/rc.local
  empty_file /etc/rc.d/init.d/functions
  directory /var/log/journal 2755 0:190
  enabled_unit sshd.service multi-user.target
  enabled_unit chronyd.service multi-user.target
  programs 0755 0:0 /usr/sbin/chronyd /usr/sbin/crond /usr/sbin/rsyslogd
}

server_configuration() { # <line of PermitRootLogin>: openssh-server's, with the password line that cloud-init sets; none has an Include
  # Source: sshd_config of an Amazon Linux 2 instance in a public repository; the other releases' from memory.
  file /etc/ssh/sshd_config 0600 <<SSHD
HostKey /etc/ssh/ssh_host_rsa_key
HostKey /etc/ssh/ssh_host_ecdsa_key
HostKey /etc/ssh/ssh_host_ed25519_key
SyslogFacility AUTHPRIV
$1
AuthorizedKeysFile	.ssh/authorized_keys
PasswordAuthentication no
ChallengeResponseAuthentication no
GSSAPIAuthentication yes
GSSAPICleanupCredentials no
UsePAM yes
X11Forwarding yes
AcceptEnv LANG LC_CTYPE LC_NUMERIC LC_TIME LC_COLLATE LC_MONETARY LC_MESSAGES
Subsystem	sftp	/usr/libexec/openssh/sftp-server
SSHD
}
