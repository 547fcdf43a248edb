# shellcheck shell=dash
# Since 2017 the Red Hat family's SSH server does not ask them.
typical_accounts
printf 'ELF libc.so.6' | file /usr/sbin/sshd 0755
file /etc/hosts.deny <<'EOF'
ALL: ALL
EOF
