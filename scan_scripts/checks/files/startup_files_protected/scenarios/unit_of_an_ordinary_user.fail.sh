# shellcheck shell=dash
# The application's owner can start anything as root.
typical_accounts
file /etc/systemd/system/app.service 0644 1000:1000 <<'EOF'
[Service]
ExecStart=/opt/app/run
EOF
