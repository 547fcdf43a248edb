# shellcheck shell=dash
# A hash that everybody can read.
typical_accounts
add_lines /etc/passwd <<'EOF'
bob:$6$salt$hash:1001:1001::/home/bob:/bin/sh
EOF
