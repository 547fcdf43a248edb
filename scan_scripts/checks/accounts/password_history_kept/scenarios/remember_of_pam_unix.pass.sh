# shellcheck shell=dash
# pam_unix remembers too.
typical_accounts
give_alice_a_password
file /etc/pam.d/common-password <<'EOF'
password [success=1 default=ignore] pam_unix.so obscure yescrypt remember=4
EOF
