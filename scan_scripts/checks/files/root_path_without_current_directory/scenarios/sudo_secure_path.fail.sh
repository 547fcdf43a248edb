# shellcheck shell=dash
# sudo has a PATH of its own.
typical_accounts
file /etc/sudoers 0440 <<'EOF'
Defaults    secure_path="/sbin:.:/bin"
EOF
