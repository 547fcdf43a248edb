# shellcheck shell=dash
# A Korean warning is one.
typical_accounts
file /etc/motd <<'EOF'
경고: 인가된 사용자만 접속할 수 있으며 모든 접속은 기록됩니다.
EOF
