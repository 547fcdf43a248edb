# shellcheck shell=dash
# Shadowed, but anybody gets in.
typical_accounts
add_lines /etc/passwd <<'EOF'
bob:x:1001:1001::/home/bob:/bin/sh
EOF
add_lines /etc/shadow <<'EOF'
bob::19700:0:99999:7:::
EOF
