# shellcheck shell=dash
# A live line may carry a comment.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin no # see the policy
EOF
