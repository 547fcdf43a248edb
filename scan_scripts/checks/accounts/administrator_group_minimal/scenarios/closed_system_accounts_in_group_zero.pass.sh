# shellcheck shell=dash
# The Red Hat family puts sync, shutdown and halt there.
typical_accounts
printf 'shutdown:x:6:0:shutdown:/sbin:/sbin/shutdown\noperator:x:11:0:operator:/root:/sbin/nologin\n' | add_lines /etc/passwd
