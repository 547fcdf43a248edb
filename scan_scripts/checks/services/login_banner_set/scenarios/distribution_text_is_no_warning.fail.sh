# shellcheck shell=dash
# What Debian ships warns nobody.
typical_accounts
file /etc/issue <<'EOF'
Debian GNU/Linux 12 \n \l

EOF
file /etc/motd <<'EOF'

The programs included with the Debian GNU/Linux system are free software;
the exact distribution terms for each program are described in the
individual files in /usr/share/doc/*/copyright.

Debian GNU/Linux comes with ABSOLUTELY NO WARRANTY, to the extent
permitted by applicable law.
EOF
