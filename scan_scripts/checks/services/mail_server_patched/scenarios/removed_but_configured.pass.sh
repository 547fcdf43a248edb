# shellcheck shell=dash
# The package is gone, its configuration stayed.
typical_accounts
file /etc/postfix/main.cf <<'EOF'
inet_interfaces = all
EOF
file /var/lib/dpkg/status <<'EOF'
Package: postfix
Status: deinstall ok config-files
Version: 3.7.11-0+deb12u1
EOF
