# shellcheck shell=dash
# Rocky Linux, Red Hat Enterprise Linux and AlmaLinux 8 as their EC2 images start; RELEASE names which.

case $RELEASE in
  rocky)
    account=rocky
    release rocky 8.10 'Rocky Linux 8.10 (Green Obsidian)' 'rhel centos fedora'
    ;;
  rhel)
    account=ec2-user
    release rhel 8.10 'Red Hat Enterprise Linux 8.10 (Ootpa)' fedora
    ;;
  almalinux)
    account=ec2-user
    release almalinux 8.10 'AlmaLinux 8.10 (Cerulean Leopard)' 'rhel centos fedora'
    ;;
esac
family_accounts "$account"
add_lines /etc/passwd <<PASSWD
nobody:x:65534:65534:Kernel Overflow User:/:/sbin/nologin
systemd-coredump:x:999:997:systemd Core Dumper:/:/sbin/nologin
systemd-resolve:x:193:193:systemd Resolver:/:/sbin/nologin
polkitd:x:998:996:User for polkitd:/:/sbin/nologin
tss:x:59:59:Account used for TPM access:/dev/null:/sbin/nologin
sssd:x:996:993:User for sssd:/:/sbin/nologin
sshd:x:74:74:Privilege-separated SSH:/var/empty/sshd:/sbin/nologin
chrony:x:995:992::/var/lib/chrony:/sbin/nologin
$account:x:1000:1000:Cloud User:/home/$account:/bin/bash
PASSWD
add_lines /etc/group <<GROUP
nobody:x:65534:
systemd-coredump:x:997:
systemd-resolve:x:193:
polkitd:x:996:
tss:x:59:
ssh_keys:x:995:
sssd:x:993:
sshd:x:74:
chrony:x:992:
$account:x:1000:
GROUP
locked_passwords 0000 0:0
home "$account" 1000 0700
family_files
password_defaults 022
log_files 0660 '0664 0:22'
empty_file /etc/motd
empty_file /var/log/dnf.log
programs 2555 0:995 /usr/libexec/openssh/ssh-keysign
programs 4755 0:0 /usr/sbin/grub2-set-bootflag
programs 4750 0:993 /usr/libexec/sssd/krb5_child /usr/libexec/sssd/ldap_child /usr/libexec/sssd/proxy_child

# authselect's profile sssd; pam_faillock comes with its feature with-faillock only.
# Source: system-auth of a RHEL 8 host in a public repository.
for stack in system-auth password-auth; do
  file "/etc/authselect/$stack" <<'PAM'
auth        required                                     pam_env.so
auth        required                                     pam_faildelay.so delay=2000000
auth        [default=1 ignore=ignore success=ok]         pam_usertype.so isregular
auth        [default=1 ignore=ignore success=ok]         pam_localuser.so
auth        sufficient                                   pam_unix.so nullok try_first_pass
auth        [default=1 ignore=ignore success=ok]         pam_usertype.so isregular
auth        sufficient                                   pam_sss.so forward_pass
auth        required                                     pam_deny.so

account     required                                     pam_unix.so
account     sufficient                                   pam_localuser.so
account     sufficient                                   pam_usertype.so issystem
account     [default=bad success=ok user_unknown=ignore] pam_sss.so
account     required                                     pam_permit.so

password    requisite                                    pam_pwquality.so try_first_pass local_users_only
password    sufficient                                   pam_unix.so sha512 shadow nullok try_first_pass use_authtok
password    sufficient                                   pam_sss.so use_authtok
password    required                                     pam_deny.so

session     optional                                     pam_keyinit.so revoke
session     required                                     pam_limits.so
-session    optional                                     pam_systemd.so
session     [success=1 default=ignore]                   pam_succeed_if.so service in crond quiet use_uid
session     required                                     pam_unix.so
session     optional                                     pam_sss.so
PAM
  link "/etc/pam.d/$stack" "/etc/authselect/$stack"
done
file /etc/authselect/postlogin <<'PAM'
session     optional                   pam_umask.so silent
session     [success=1 default=ignore] pam_succeed_if.so service !~ gdm* service !~ su* quiet
session     [default=1]                pam_lastlog.so nowtmp showfailed
session     optional                   pam_lastlog.so silent noupdate showfailed
PAM
link /etc/pam.d/postlogin /etc/authselect/postlogin
file /etc/security/faillock.conf <<'FAILLOCK'
# deny = 3
# unlock_time = 600
FAILLOCK
file /etc/nsswitch.conf <<'NSS'
passwd:     sss files systemd
shadow:     files sss
group:      sss files systemd
NSS

{
  cat <<'RSYSLOG'
module(load="imuxsock" SysSock.Use="off")
module(load="imjournal" StateFile="imjournal.state")
global(workDirectory="/var/lib/rsyslog")
module(load="builtin:omfile" Template="RSYSLOG_TraditionalFileFormat")
include(file="/etc/rsyslog.d/*.conf" mode="optional")
RSYSLOG
  log_rules
} | file /etc/rsyslog.conf
enabled_unit rsyslog.service multi-user.target

# Release 8 names in the file the root login that release 7 had as its built-in default.
# Source: the upgrade checks of leapp-repository (openssh_permit_root_login) and Red Hat's RHEL 9 course text.
server_configuration 'PermitRootLogin yes'

file /etc/chrony.conf <<CHRONY
pool 2.$RELEASE.pool.ntp.org iburst
driftfile /var/lib/chrony/drift
makestep 1.0 3
rtcsync
CHRONY
