"""How a minimal Debian is hardened, and single changes that each undo a part of it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

EXAMPLES = Path(__file__).resolve().parents[2] / "emulator" / "hosts" / "examples"


class Spoiling(NamedTuple):
    """A change of a hardened root.

    Attributes:
        name: What it does, for the test's name.
        flips: Each check whose verdict changes, and what it becomes.
        script: Shell text, run in the root's top directory after HELPERS.
    """

    name: str
    flips: dict[str, str]
    script: str


HELPERS = """
umask 022
enable() { # <unit> <target>: a unit that starts with the host
  printf '[Unit]\\n' >"usr/lib/systemd/system/$1"
  mkdir -p "etc/systemd/system/$2.wants"
  ln -sf "/usr/lib/systemd/system/$1" "etc/systemd/system/$2.wants/$1"
}
"""

HARDENING = f"""{HELPERS}
hardened='{EXAMPLES}/debian_12_hardened/files'
default='{EXAMPLES}/debian_12_default/files'
cp "$hardened"/etc/issue "$hardened"/etc/issue.net "$hardened"/etc/motd "$hardened"/etc/login.defs etc/
cp "$hardened"/etc/nftables.conf etc/
cp "$hardened"/etc/pam.d/* "$default"/etc/pam.d/sshd etc/pam.d/
cp "$hardened"/etc/security/* etc/security/
cp "$hardened"/etc/profile.d/session.sh etc/profile.d/
mkdir -p etc/ssh/sshd_config.d etc/chrony etc/rsyslog.d home/kim
cp "$default"/etc/ssh/sshd_config etc/ssh/
cp "$hardened"/etc/ssh/sshd_config.d/00-security.conf etc/ssh/sshd_config.d/
cp "$default"/etc/chrony/chrony.conf etc/chrony/
enable chrony.service multi-user.target
enable nftables.service sysinit.target
enable rsyslog.service multi-user.target
printf '%s\\n' '*.*;authpriv.none /var/log/syslog' 'authpriv.* /var/log/auth.log' >etc/rsyslog.conf
printf '127.0.0.1 localhost\\n' >etc/hosts
printf 'ssh 22/tcp\\n' >etc/services
printf 'Defaults env_reset\\n' >etc/sudoers
printf 'kim:x:1000:1000::/home/kim:/bin/bash\\n' >>etc/passwd
printf 'kim:x:1000:\\n' >>etc/group
printf '%s\\n' 'kim:$6$madeup$madeup:20000:1:90:7:::' >>etc/shadow
printf 'export EDITOR=vi\\n' >home/kim/.bashrc
chown -R 1000:1000 home/kim
chmod 0750 home/kim
chmod 0400 etc/shadow
chmod 0440 etc/sudoers
chmod 0640 etc/rsyslog.conf
chmod 0750 etc/cron.daily/*
chmod 0640 etc/cron.d/*
chmod 0644 var/log/wtmp var/log/lastlog
chmod 0600 var/log/btmp
"""


def _spoil(name: str, script: str, **flips: str) -> Spoiling:
    return Spoiling(name, flips, HELPERS + script)


_FTP = "enable vsftpd.service multi-user.target; printf '%s\\n' "
_FTP_OFF = {"anonymous_ftp_denied": "pass", "ftp_banner_hides_product": "pass", "plain_ftp_disabled": "fail"}
_FTP_ON = {**_FTP_OFF, "ftp_access_limited": "manual", "root_ftp_login_denied": "pass", "login_banner_set": "fail"}
_POSTFIX = "enable postfix.service multi-user.target; mkdir -p etc/postfix; printf '%s\\n' "
_MAIL_ON = {
    "mail_server_patched": "manual",
    "mail_queue_commands_restricted": "pass",
    "mail_relay_limited": "pass",
    "mail_expn_and_vrfy_refused": "pass",
}
_BIND = "enable named.service multi-user.target; mkdir -p etc/bind; printf '%s\\n' "
_DNS_ON = {
    "dns_server_patched": "manual",
    "dns_zone_transfer_limited": "pass",
    "dns_dynamic_update_limited": "pass",
    "login_banner_set": "fail",
}
_NFS_ON = {"nfs_server_disabled": "fail", "nfs_exports_limited": "pass", "anonymous_nfs_denied": "pass"}
_SNMP = "enable snmpd.service multi-user.target; mkdir -p etc/snmp; printf '%s\\n' "
_SNMP_ON = {
    "snmp_disabled": "fail",
    "snmp_version_3_only": "fail",
    "snmp_community_strings_complex": "pass",
    "snmp_access_limited": "pass",
}
_INETD = "enable inetd.service multi-user.target; printf '%s\\n' "

SPOILINGS = (
    _spoil(
        "second_root",
        "echo 'toor:x:0:0::/root:/usr/sbin/nologin' >>etc/passwd; echo 'toor:*:20000::::::' >>etc/shadow",
        only_root_has_uid_zero="fail",
        user_ids_unique="fail",
    ),
    _spoil("hash_in_passwd", "sed -i 's|^kim:x:|kim:$6$madeup$madeup:|' etc/passwd", passwords_shadowed="fail"),
    _spoil("empty_password", "sed -i 's|^kim:[^:]*:|kim::|' etc/shadow", passwords_shadowed="fail"),
    _spoil("md5_hash", "sed -i 's|^kim:[^:]*:|kim:$1$madeup$madeup:|' etc/shadow", password_hashes_strong="fail"),
    _spoil("old_password", "sed -i 's|:1:90:|:1:99999:|' etc/shadow", password_maximum_age_limited="fail"),
    _spoil("short_lived_password", "sed -i 's|:1:90:|:0:90:|' etc/shadow", password_minimum_age_set="fail"),
    _spoil(
        "no_limit_for_new_accounts",
        "sed -i 's|^PASS_MAX_DAYS.*|PASS_MAX_DAYS 99999|' etc/login.defs",
        password_maximum_age_limited="fail",
    ),
    _spoil(
        "short_passwords",
        "sed -i 's|^minlen.*|minlen = 4|' etc/security/pwquality.conf",
        password_complexity_enforced="fail",
    ),
    _spoil(
        "no_quality_module",
        "sed -i '/pam_pwquality/d' etc/pam.d/common-password",
        password_complexity_enforced="fail",
    ),
    _spoil(
        "one_old_password",
        "sed -i 's/remember=4/remember=1/' etc/pam.d/common-password",
        password_history_kept="fail",
    ),
    _spoil(
        "late_lockout",
        "sed -i 's/^deny.*/deny = 50/' etc/security/faillock.conf",
        accounts_locked_after_failures="fail",
    ),
    _spoil("no_faillock", "sed -i '/pam_faillock/d' etc/pam.d/common-auth", accounts_locked_after_failures="fail"),
    _spoil("su_for_everybody", "sed -i 's/^auth.*pam_wheel/# &/' etc/pam.d/su", su_limited_to_a_group="fail"),
    _spoil("member_of_sudo", "sed -i 's/^sudo:x:27:$/sudo:x:27:kim/' etc/group", administrator_group_minimal="manual"),
    _spoil("group_of_a_leaver", "echo 'old:x:1500:' >>etc/group", groups_have_members="manual"),
    _spoil(
        "shared_uid",
        "echo 'lee:x:1000:1000::/home/kim:/usr/sbin/nologin' >>etc/passwd; echo 'lee:*:20000::::::' >>etc/shadow",
        user_ids_unique="fail",
    ),
    _spoil(
        "shell_of_a_system_account",
        "sed -i 's|^nobody:.*|nobody:x:65534:65534::/srv:/bin/bash|' etc/passwd; chown 65534 srv",
        system_accounts_without_login_shell="fail",
    ),
    _spoil("long_idle_time", "sed -i 's/^TMOUT=.*/TMOUT=3600/' etc/profile.d/session.sh", session_timeout_set="fail"),
    _spoil("no_idle_time", "sed -i '/TMOUT/d' etc/profile.d/session.sh", session_timeout_set="fail"),
    _spoil(
        "open_umask", "sed -i 's/^umask.*/umask 000/' etc/profile.d/session.sh", default_umask_restricts_write="fail"
    ),
    _spoil(
        "current_directory_in_path",
        "echo 'PATH=.:$PATH' >>root/.profile",
        root_path_without_current_directory="fail",
    ),
    _spoil("unowned_file", "touch srv/old; chown 4242:4242 srv/old", every_file_has_owner="fail"),
    _spoil("group_writes_passwd", "chmod 0664 etc/passwd", passwd_file_protected="fail"),
    _spoil(
        "group_writes_a_unit",
        "chmod 0664 usr/lib/systemd/system/rsyslog.service",
        startup_files_protected="fail",
    ),
    _spoil("users_unit", "chown 1000 usr/lib/systemd/system/rsyslog.service", startup_files_protected="fail"),
    _spoil("group_reads_shadow", "chmod 0440 etc/shadow", shadow_file_protected="fail"),
    _spoil("smaller_number_of_shadow", "chmod 0044 etc/shadow", shadow_file_protected="fail"),
    _spoil("users_shadow", "chown 1000 etc/shadow", shadow_file_protected="fail"),
    _spoil("group_writes_hosts", "chmod 0664 etc/hosts", hosts_file_protected="fail"),
    _spoil("readable_inetd_conf", "touch etc/inetd.conf", inetd_files_protected="fail"),
    _spoil("readable_rsyslog_conf", "chmod 0644 etc/rsyslog.conf", syslog_configuration_protected="fail"),
    _spoil("group_writes_services", "chmod 0664 etc/services", services_file_protected="fail"),
    _spoil(
        "unknown_setuid_file",
        "cp usr/bin/true usr/local/bin/true; chmod 4755 usr/local/bin/true",
        setuid_files_reviewed="fail",
    ),
    _spoil("group_writes_bashrc", "chmod 0664 home/kim/.bashrc", environment_files_protected="fail"),
    _spoil("bashrc_of_another", "chown 1 home/kim/.bashrc", environment_files_protected="fail"),
    _spoil("group_writes_profile", "chmod 0664 etc/profile", environment_files_protected="fail"),
    _spoil("world_writable_file", "touch opt/file; chmod 0666 opt/file", no_world_writable_files="fail"),
    _spoil("world_writable_directory", "mkdir opt/open; chmod 0777 opt/open", no_world_writable_files="fail"),
    _spoil("file_in_dev", "touch dev/sdz1", dev_holds_no_regular_files="fail"),
    _spoil("hosts_equiv", "echo + >etc/hosts.equiv", no_rhosts_or_hosts_equiv="manual"),
    _spoil(
        "firewall_lets_all_in",
        "sed -i 's/policy drop/policy accept/' etc/nftables.conf",
        connections_limited_by_host="manual",
    ),
    _spoil(
        "firewall_is_off",
        "rm etc/systemd/system/sysinit.target.wants/nftables.service",
        connections_limited_by_host="manual",
    ),
    _spoil("readable_hosts_lpd", "touch etc/hosts.lpd", hosts_lpd_protected="fail"),
    _spoil("home_of_another", "chown 1 home/kim", home_directories_owned="fail"),
    _spoil("home_writable_by_others", "chmod o+w,+t home/kim", home_directories_owned="fail"),
    _spoil("no_home", "rm -r home/kim", home_directories_exist="fail"),
    _spoil("hidden_directory", "mkdir tmp/.cache", hidden_files_reviewed="manual"),
    _spoil("three_dots", "mkdir srv/...", hidden_files_reviewed="manual"),
    _spoil(
        "finger",
        f"{_INETD}'finger stream tcp nowait nobody /usr/sbin/in.fingerd in.fingerd' >etc/inetd.conf\n"
        "chmod 0600 etc/inetd.conf",
        finger_disabled="fail",
        inetd_files_protected="pass",
    ),
    _spoil(
        "chargen",
        f"{_INETD}'chargen stream tcp nowait root internal' >etc/inetd.conf\nchmod 0600 etc/inetd.conf",
        dos_prone_services_disabled="fail",
        inetd_files_protected="pass",
    ),
    _spoil(
        "anonymous_ftp",
        f"{_FTP} ftpd_banner=Hello anonymous_enable=YES >etc/vsftpd.conf",
        **{**_FTP_ON, "anonymous_ftp_denied": "fail"},
    ),
    _spoil(
        "root_over_ftp",
        f"{_FTP} ftpd_banner=Hello anonymous_enable=NO local_enable=YES >etc/vsftpd.conf",
        **{**_FTP_ON, "root_ftp_login_denied": "fail"},
    ),
    _spoil(
        "ftp_tells_its_version",
        f"{_FTP} anonymous_enable=NO >etc/vsftpd.conf",
        **{**_FTP_ON, "ftp_banner_hides_product": "fail"},
    ),
    _spoil("nfs_server", "enable nfs-server.service multi-user.target", **_NFS_ON),
    _spoil(
        "nfs_for_everybody",
        "enable nfs-server.service multi-user.target; echo '/srv *(ro)' >etc/exports",
        **{
            **_NFS_ON,
            "nfs_exports_limited": "fail",
            "anonymous_nfs_denied": "fail",
            "nfs_exports_file_protected": "pass",
        },
    ),
    _spoil("group_writes_exports", "touch etc/exports; chmod 0664 etc/exports", nfs_exports_file_protected="fail"),
    _spoil(
        "samba_for_guests",
        "enable smbd.service multi-user.target; mkdir etc/samba\n"
        "printf '%s\\n' '[public]' 'guest ok = yes' >etc/samba/smb.conf",
        anonymous_samba_denied="fail",
    ),
    _spoil("rsh", "enable rsh.socket sockets.target", r_services_disabled="fail"),
    _spoil("readable_cron_job", "chmod 0644 etc/cron.d/*", cron_files_protected="fail"),
    _spoil("readable_at_list", "touch etc/at.deny", at_files_protected="fail"),
    _spoil("autofs", "enable autofs.service multi-user.target", automount_disabled="fail"),
    _spoil("rpcbind", "enable rpcbind.socket sockets.target", rpc_services_disabled="fail"),
    _spoil("nis", "enable ypbind.service multi-user.target", nis_disabled="fail"),
    _spoil("tftp", "enable tftp.socket sockets.target", tftp_and_talk_disabled="fail"),
    _spoil("telnet", "enable telnet.socket sockets.target", telnet_disabled="fail"),
    _spoil(
        "open_relay",
        f"{_POSTFIX} 'disable_vrfy_command = yes' 'mynetworks = 0.0.0.0/0' >etc/postfix/main.cf",
        **{**_MAIL_ON, "mail_relay_limited": "fail", "login_banner_set": "fail"},
    ),
    _spoil(
        "mail_server_answers_vrfy",
        f"{_POSTFIX} 'inet_interfaces = loopback-only' >etc/postfix/main.cf",
        **{**_MAIL_ON, "mail_expn_and_vrfy_refused": "fail"},
    ),
    _spoil(
        "zone_for_everybody",
        f"""{_BIND} 'zone "example.com" {{ type master; allow-transfer {{ any; }}; }};' >etc/bind/named.conf""",
        **{**_DNS_ON, "dns_zone_transfer_limited": "fail"},
    ),
    _spoil(
        "zone_that_everybody_updates",
        f"{_BIND} 'options {{ allow-transfer {{ none; }}; }};' "
        """'zone "example.com" { type master; allow-update { any; }; };' >etc/bind/named.conf""",
        **{**_DNS_ON, "dns_dynamic_update_limited": "fail"},
    ),
    _spoil(
        "ftp_account_with_shell",
        "echo 'ftp:x:1001:1000::/srv:/bin/bash' >>etc/passwd; echo 'ftp:*:20000::::::' >>etc/shadow; chown 1001 srv",
        ftp_account_without_login_shell="fail",
    ),
    _spoil(
        "short_community",
        f"{_SNMP} 'rocommunity madeup1 10.0.0.5' >etc/snmp/snmpd.conf",
        **{**_SNMP_ON, "snmp_community_strings_complex": "fail"},
    ),
    _spoil(
        "community_for_everybody",
        f"{_SNMP} 'rocommunity madeup4fleet01' >etc/snmp/snmpd.conf",
        **{**_SNMP_ON, "snmp_access_limited": "fail"},
    ),
    _spoil("no_warning", "rm etc/issue etc/issue.net etc/motd", login_banner_set="fail"),
    _spoil("readable_sudoers", "chmod 0444 etc/sudoers", sudoers_protected="fail"),
    _spoil(
        "release_without_support",
        "rm etc/os-release; printf 'ID=debian\\nVERSION_ID=\"10\"\\n' >etc/os-release",
        security_patches_applied="fail",
    ),
    _spoil("no_time_server", "sed -i '/^pool/d' etc/chrony/chrony.conf", time_synchronized="fail"),
    _spoil(
        "no_time_service",
        "ln -sf /dev/null etc/systemd/system/chrony.service",
        time_synchronized="fail",
    ),
    _spoil("logins_are_not_logged", "sed -i '/^authpriv/d' etc/rsyslog.conf", system_logging_configured="fail"),
    _spoil("group_writes_a_log", "chmod 0664 var/log/dpkg.log", log_files_protected="fail"),
    _spoil(
        "root_over_ssh",
        "sed -i 's/^PermitRootLogin.*/PermitRootLogin yes/' etc/ssh/sshd_config.d/00-security.conf",
        root_ssh_login_denied="fail",
    ),
    _spoil(
        "root_over_ssh_from_one_host",
        "printf 'Match Address 10.0.0.1\\n  PermitRootLogin yes\\n' >>etc/ssh/sshd_config",
        root_ssh_login_denied="fail",
    ),
)
