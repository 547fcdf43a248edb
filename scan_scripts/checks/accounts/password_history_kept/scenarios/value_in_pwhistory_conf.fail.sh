# shellcheck shell=dash
# The value comes from the module's own file.
typical_accounts
give_alice_a_password
file /etc/pam.d/passwd <<'EOF'
password required pam_pwhistory.so use_authtok
EOF
file /etc/security/pwhistory.conf <<'EOF'
remember = 2
EOF
