# shellcheck shell=dash
# Debian's SSH server is linked with libwrap; no blank after the colon.
typical_accounts
printf 'ELF libwrap.so.0 libc.so.6' | file /usr/sbin/sshd 0755
file /etc/hosts.deny <<'EOF'
ALL:ALL
EOF
