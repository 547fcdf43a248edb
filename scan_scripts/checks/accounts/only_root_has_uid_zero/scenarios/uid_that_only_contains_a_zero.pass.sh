# shellcheck shell=dash
# UID 10 and 100 are not 0.
typical_accounts
add_lines /etc/passwd <<'EOF'
uucp:x:10:10::/:/usr/sbin/nologin
users:x:100:0::/:/usr/sbin/nologin
EOF
