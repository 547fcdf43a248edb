# shellcheck shell=dash
# A package brought it; the list does not name it.
typical_accounts
empty_file /usr/sbin/exim4 4755
file /var/lib/dpkg/info/exim4.list <<'EOF'
/usr/sbin/exim4
EOF
