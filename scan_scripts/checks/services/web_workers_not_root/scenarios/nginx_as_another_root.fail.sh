# shellcheck shell=dash
# Another name of UID 0.
typical_accounts
enabled_unit nginx.service multi-user.target
printf 'toor:x:0:0::/root:/bin/bash\n' | add_lines /etc/passwd
file /etc/nginx/nginx.conf <<'EOF'
user toor;
http { }
EOF
