# shellcheck shell=dash
# Accounts of the Red Hat family, and how they authenticate.

family_accounts() { # the accounts of the package setup, below the builder's own
  # Source: /etc/passwd and /etc/group of CentOS 7 cloud images in public course notes.
  file /etc/passwd <<'PASSWD'
root:x:0:0:root:/root:/bin/bash
bin:x:1:1:bin:/bin:/sbin/nologin
daemon:x:2:2:daemon:/sbin:/sbin/nologin
adm:x:3:4:adm:/var/adm:/sbin/nologin
lp:x:4:7:lp:/var/spool/lpd:/sbin/nologin
sync:x:5:0:sync:/sbin:/bin/sync
shutdown:x:6:0:shutdown:/sbin:/sbin/shutdown
halt:x:7:0:halt:/sbin:/sbin/halt
mail:x:8:12:mail:/var/spool/mail:/sbin/nologin
operator:x:11:0:operator:/root:/sbin/nologin
games:x:12:100:games:/usr/games:/sbin/nologin
ftp:x:14:50:FTP User:/var/ftp:/sbin/nologin
dbus:x:81:81:System message bus:/:/sbin/nologin
tcpdump:x:72:72::/:/sbin/nologin
PASSWD
  file /etc/group <<GROUP
root:x:0:
bin:x:1:
daemon:x:2:
sys:x:3:
adm:x:4:$1
tty:x:5:
disk:x:6:
lp:x:7:
mem:x:8:
kmem:x:9:
wheel:x:10:$1
cdrom:x:11:
mail:x:12:
man:x:15:
dialout:x:18:
floppy:x:19:
games:x:20:
tape:x:33:
video:x:39:
ftp:x:50:
lock:x:54:
audio:x:63:
users:x:100:
utmp:x:22:
utempter:x:35:
dbus:x:81:
tcpdump:x:72:
systemd-journal:x:190:$1
GROUP
  directory /root 0550
}

pam_services() { # login, sshd, su and passwd; the shared stacks are the builder's
  # Source: login and sshd as quoted in public notes of a RHEL 8 host.
  file /etc/pam.d/login <<'PAM'
auth       substack     system-auth
auth       include      postlogin
account    required     pam_nologin.so
account    include      system-auth
password   include      system-auth
session    required     pam_loginuid.so
session    include      system-auth
session    include      postlogin
PAM
  file /etc/pam.d/sshd <<'PAM'
auth       substack     password-auth
auth       include      postlogin
account    required     pam_sepermit.so
account    required     pam_nologin.so
account    include      password-auth
password   include      password-auth
session    required     pam_loginuid.so
session    include      password-auth
session    include      postlogin
PAM
  file /etc/pam.d/su <<'PAM'
auth            sufficient      pam_rootok.so
# Uncomment the following line to implicitly trust users in the "wheel" group.
#auth           sufficient      pam_wheel.so trust use_uid
# Uncomment the following line to require a user to be in the "wheel" group.
#auth           required        pam_wheel.so use_uid
auth            substack        system-auth
auth            include         postlogin
account         sufficient      pam_succeed_if.so uid = 0 use_uid quiet
account         include         system-auth
password        include         system-auth
session         include         system-auth
PAM
  su_of_login_shells
  file /etc/pam.d/passwd <<'PAM'
auth       include      system-auth
account    include      system-auth
password   substack     system-auth
PAM
}

password_defaults() { # <UMASK of login.defs>: pwquality.conf without a value, login.defs without limits
  file /etc/security/pwquality.conf <<'PWQUALITY'
# minlen = 9
# dcredit = 1
# ucredit = 1
# lcredit = 1
# ocredit = 1
PWQUALITY
  file /etc/login.defs <<LOGIN
PASS_MAX_DAYS   99999
PASS_MIN_DAYS   0
PASS_MIN_LEN    5
PASS_WARN_AGE   7
UID_MIN                  1000
UID_MAX                 60000
SYS_UID_MIN               201
SYS_UID_MAX               999
GID_MIN                  1000
GID_MAX                 60000
CREATE_HOME     yes
UMASK           $1
USERGROUPS_ENAB yes
ENCRYPT_METHOD SHA512
LOGIN
}
