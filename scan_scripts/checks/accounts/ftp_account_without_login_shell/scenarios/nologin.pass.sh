# shellcheck shell=dash
# The account cannot log in.
typical_accounts
add_lines /etc/passwd <<'EOF'
ftp:x:14:50::/srv/ftp:/sbin/nologin
EOF
