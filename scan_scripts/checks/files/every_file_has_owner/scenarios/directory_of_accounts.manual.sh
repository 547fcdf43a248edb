# shellcheck shell=dash
# Accounts may come from a directory service that is not asked.
typical_accounts
empty_file /srv/data 0644 200001:200001
file /etc/nsswitch.conf <<'EOF'
passwd: files sss
EOF
