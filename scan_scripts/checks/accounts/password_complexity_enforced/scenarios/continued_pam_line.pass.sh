# shellcheck shell=dash
# A PAM line may be continued.
typical_accounts
give_alice_a_password
file /etc/pam.d/common-password <<'EOF'
password requisite pam_pwquality.so ocredit=-1 dcredit=-1 \
  lcredit=-1 minlen=9 enforce_for_root
EOF
