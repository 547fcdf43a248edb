# shellcheck shell=dash
# Every host mounts binfmt_misc this way.
typical_accounts
enabled_unit proc-sys-fs-binfmt_misc.automount sysinit.target
