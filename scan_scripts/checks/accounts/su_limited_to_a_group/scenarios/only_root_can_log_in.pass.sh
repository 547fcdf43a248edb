# shellcheck shell=dash
# Nobody is there to use su.
typical_accounts
sed -i 's,^alice:.*,alice:x:1000:1000::/home/alice:/usr/sbin/nologin,' "$ROOT/etc/passwd"
empty_file /usr/bin/su 4755
file /etc/pam.d/su <<'EOF'
auth sufficient pam_rootok.so
EOF
