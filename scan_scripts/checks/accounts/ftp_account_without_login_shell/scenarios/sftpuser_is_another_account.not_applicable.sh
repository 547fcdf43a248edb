# shellcheck shell=dash
# A name that contains ftp is another name.
typical_accounts
add_lines /etc/passwd <<'EOF'
sftpuser:x:1001:1001::/home/s:/bin/bash
EOF
