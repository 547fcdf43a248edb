"""What each distribution's defaults deserve, worked out from what its packages ship, with the reason at each line."""

from __future__ import annotations

from typing import Final

_EVERYWHERE: Final = {
    "only_root_has_uid_zero": "pass",
    "user_ids_unique": "pass",
    "passwords_shadowed": "pass",
    "every_file_has_owner": "pass",
    "no_world_writable_files": "pass",
    "home_directories_exist": "pass",
    "telnet_disabled": "pass",
    "nfs_server_disabled": "pass",
    "passwd_file_protected": "pass",  # 0644
    "sudoers_protected": "pass",  # 0440
    "session_timeout_set": "fail",  # nobody ships TMOUT
    "cron_files_protected": "fail",  # /etc/crontab is 0644, crontab is for everybody
    "syslog_configuration_protected": "fail",  # rsyslog.conf is 0644
    "system_logging_configured": "pass",  # rsyslog with the distribution's rules
    "log_files_protected": "fail",  # wtmp is 0664
    "time_synchronized": "pass",  # chrony or timesyncd with servers
    "password_hashes_strong": "pass",  # SHA-512 or yescrypt, and no password is set
    "password_maximum_age_limited": "manual",  # 99999 days, and no account has a password
    "accounts_locked_after_failures": "manual",  # no faillock in the stacks, and no account has a password
    "password_history_kept": "manual",  # neither pam_pwhistory nor remember=, and no account has a password
    "administrator_group_minimal": "manual",  # the image's account is in wheel or sudo
    "unneeded_accounts_removed": "manual",  # the image's account can log in
    "su_limited_to_a_group": "fail",  # pam_wheel is commented out
    "login_banner_set": "fail",  # /etc/issue names the product only
    "setuid_files_reviewed": "manual",  # files of packages that the profile's list lacks; RPM's database is not read
    "connections_limited_by_host": "manual",  # no firewall of the host is on
}

_RED_HAT: Final = {
    **_EVERYWHERE,
    "shadow_file_protected": "pass",  # 0000
    "password_complexity_enforced": "manual",  # pwquality with its built-in values, and no account has a password
    "default_umask_restricts_write": "fail",  # 002 for accounts with a group of their own
    "root_ssh_login_denied": "fail",  # yes: built in on release 7, written into the file on release 8
}

_RELEASE_7: Final = {
    **_RED_HAT,
    "rpc_services_disabled": "fail",  # rpcbind is enabled, and nothing needs it
    "mail_relay_limited": "pass",  # Postfix listens on loopback only
    "mail_server_patched": "manual",  # Postfix runs all the same
    "mail_queue_commands_restricted": "fail",  # postsuper is 0755
    "security_patches_applied": "fail",  # general support has ended
}

_RELEASE_8: Final = {
    **_RED_HAT,
    "at_files_protected": "not_applicable",
    "rpc_services_disabled": "pass",
    "mail_server_patched": "pass",  # no mail server is installed
    "security_patches_applied": "manual",
}

_RELEASE_9: Final = {
    **_RED_HAT,
    "root_ssh_login_denied": "manual",  # unset since release 9, so a key opens
    "default_umask_restricts_write": "pass",  # release 9 dropped 002
    "rpc_services_disabled": "pass",
    "security_patches_applied": "manual",
}

_UBUNTU: Final = {
    **_EVERYWHERE,
    "shadow_file_protected": "fail",  # 0640 root:shadow
    "password_complexity_enforced": "manual",  # no libpam-pwquality, and no account has a password
    "default_umask_restricts_write": "manual",  # 022 of login.defs by pam_umask, which knows groups of one's own
    "root_ssh_login_denied": "manual",  # unset: prohibit-password
    "rpc_services_disabled": "pass",
    "mail_server_patched": "pass",
}

DISTRIBUTIONS: Final[dict[str, dict[str, str]]] = {
    "centos_7": {**_RELEASE_7, "at_files_protected": "not_applicable"},
    "amazon_linux_2": {**_RELEASE_7, "at_files_protected": "fail"},  # the image has at, 4755
    "enterprise_linux_8/rocky": _RELEASE_8,
    "enterprise_linux_8/rhel": _RELEASE_8,
    "enterprise_linux_8/almalinux": _RELEASE_8,
    "rhel_9": _RELEASE_9,
    "almalinux_9": _RELEASE_9,
    "ubuntu_2004": {
        **_UBUNTU,
        "at_files_protected": "fail",  # at is 6755 and daemon's
        "security_patches_applied": "fail",  # general support ended in May 2025
    },
    "ubuntu_2204": {**_UBUNTU, "at_files_protected": "not_applicable", "security_patches_applied": "manual"},
}
"""Distribution (builder, or builder/release) to the verdicts of checks."""
