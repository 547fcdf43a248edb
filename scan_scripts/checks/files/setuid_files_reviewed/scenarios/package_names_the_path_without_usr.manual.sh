# shellcheck shell=dash
# The package says /bin/fusermount, which is a link now.
typical_accounts
empty_file /usr/bin/fusermount 4755
file /var/lib/dpkg/info/fuse.list <<'EOF'
/bin/fusermount
EOF
