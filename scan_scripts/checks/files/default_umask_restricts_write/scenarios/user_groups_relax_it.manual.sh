# shellcheck shell=dash
# PAM turns 022 into 002 for accounts with a group of their own.
typical_accounts
file /etc/login.defs <<'EOF'
UMASK 022
USERGROUPS_ENAB yes
EOF
file /etc/pam.d/login <<'EOF'
session optional pam_umask.so
EOF
