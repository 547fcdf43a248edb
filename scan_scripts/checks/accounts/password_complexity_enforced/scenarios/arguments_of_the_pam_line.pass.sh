# shellcheck shell=dash
# Values from the PAM line, in any order.
typical_accounts
give_alice_a_password
file /etc/pam.d/common-password <<'EOF'
password requisite pam_pwquality.so ocredit=-1 retry=3 dcredit=-1 lcredit=-1 minlen=9 enforce_for_root
password required pam_unix.so
EOF
