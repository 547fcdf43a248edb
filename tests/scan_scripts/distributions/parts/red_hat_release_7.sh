# shellcheck shell=dash
# What CentOS 7 and Amazon Linux 2, which grew out of it, have in common.

accounts_of_release_7() { # RPC and Postfix come with nfs-utils and cronie
  # Source: as family_accounts.
  add_lines /etc/passwd <<'PASSWD'
nobody:x:99:99:Nobody:/:/sbin/nologin
systemd-network:x:192:192:systemd Network Management:/:/sbin/nologin
rpc:x:32:32:Rpcbind Daemon:/var/lib/rpcbind:/sbin/nologin
rpcuser:x:29:29:RPC Service User:/var/lib/nfs:/sbin/nologin
nfsnobody:x:65534:65534:Anonymous NFS User:/var/lib/nfs:/sbin/nologin
sshd:x:74:74:Privilege-separated SSH:/var/empty/sshd:/sbin/nologin
postfix:x:89:89::/var/spool/postfix:/sbin/nologin
chrony:x:998:995::/var/lib/chrony:/sbin/nologin
PASSWD
  add_lines /etc/group <<'GROUP'
nobody:x:99:
input:x:999:
systemd-network:x:192:
rpc:x:32:
ssh_keys:x:997:
rpcuser:x:29:
nfsnobody:x:65534:
sshd:x:74:
postdrop:x:90:
postfix:x:89:
chrony:x:995:
GROUP
}

authconfig_stacks() { # what authconfig writes on release 7: no pam_faillock, no history
  local stack
  # Source: system-auth-ac of a RHEL 7 host, quoted in a public wiki; its pam_sss lines belong to that host.
  for stack in system-auth password-auth; do
    file "/etc/pam.d/$stack-ac" <<'PAM'
auth        required      pam_env.so
auth        required      pam_faildelay.so delay=2000000
auth        sufficient    pam_unix.so nullok try_first_pass
auth        requisite     pam_succeed_if.so uid >= 1000 quiet_success
auth        required      pam_deny.so

account     required      pam_unix.so
account     sufficient    pam_localuser.so
account     sufficient    pam_succeed_if.so uid < 1000 quiet
account     required      pam_permit.so

password    requisite     pam_pwquality.so try_first_pass local_users_only retry=3 authtok_type=
password    sufficient    pam_unix.so sha512 shadow nullok try_first_pass use_authtok
password    required      pam_deny.so

session     optional      pam_keyinit.so revoke
session     required      pam_limits.so
-session     optional      pam_systemd.so
session     [success=1 default=ignore] pam_succeed_if.so service in crond quiet use_uid
session     required      pam_unix.so
PAM
    link "/etc/pam.d/$stack" "$stack-ac"
  done
  file /etc/pam.d/postlogin-ac <<'PAM'
session     [success=1 default=ignore] pam_succeed_if.so service !~ gdm* service !~ su* quiet
session     [default=1]   pam_lastlog.so nowtmp showfailed
session     optional      pam_lastlog.so silent noupdate showfailed
PAM
  link /etc/pam.d/postlogin postlogin-ac
}

rsyslog_of_release_7() {
  # Source: as log_rules.
  {
    cat <<'RSYSLOG'
$ModLoad imuxsock
$ModLoad imjournal
$WorkDirectory /var/lib/rsyslog
$ActionFileDefaultTemplate RSYSLOG_TraditionalFileFormat
$IncludeConfig /etc/rsyslog.d/*.conf
$OmitLocalLogging on
$IMJournalStateFile imjournal.state
RSYSLOG
    log_rules
  } | file /etc/rsyslog.conf
  file /etc/rsyslog.d/listen.conf <<'RSYSLOG'
$SystemLogSocketName /run/systemd/journal/syslog
RSYSLOG
  enabled_unit rsyslog.service multi-user.target
}

programs_of_release_7() {
  programs 2555 0:5 /usr/bin/wall
  programs 2111 0:99 /usr/bin/ssh-agent
  programs 2111 0:997 /usr/libexec/openssh/ssh-keysign
  programs 2755 0:0 /usr/sbin/netreport
  programs 4755 0:0 /usr/sbin/usernetctl /usr/sbin/mount.nfs
}

postfix_on_loopback() { # the package's main.cf, which serves this host only
  # Source: inet_interfaces = localhost is Red Hat's change of main.cf (postfix-*-config.patch).
  file /etc/postfix/main.cf <<'POSTFIX'
queue_directory = /var/spool/postfix
command_directory = /usr/sbin
mail_owner = postfix
inet_interfaces = localhost
inet_protocols = all
mydestination = $myhostname, localhost.$mydomain, localhost
unknown_local_recipient_reject_code = 550
setgid_group = postdrop
POSTFIX
  file /etc/postfix/master.cf <<'POSTFIX'
smtp      inet  n       -       n       -       -       smtpd
POSTFIX
  programs 0755 0:0 /usr/sbin/postsuper /usr/sbin/postfix
  programs 2755 0:90 /usr/sbin/postdrop /usr/sbin/postqueue
  enabled_unit postfix.service multi-user.target
}

rpcbind_of_release_7() { # nfs-utils pulls it in, and the presets of release 7 enable it
  enabled_unit rpcbind.socket sockets.target
  enabled_unit rpcbind.service multi-user.target
  enabled_unit nfs-client.target multi-user.target
  empty_file /etc/exports
}

files_of_release_7() { # all of the above, and the family's
  family_files
  authconfig_stacks
  password_defaults 077
  rsyslog_of_release_7
  log_files 0600 0644
  programs_of_release_7
  postfix_on_loopback
  rpcbind_of_release_7
}
