# shellcheck shell=dash
# nologin and false count wherever they are installed.
typical_accounts
add_lines /etc/passwd <<'EOF'
games:x:5:60::/usr/games:/sbin/nologin
operator:x:11:0::/root:/bin/false
EOF
