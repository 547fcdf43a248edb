# shellcheck shell=dash
# A drop-in changes the unit.
typical_accounts
unit app.service
file /etc/systemd/system/app.service.d/override.conf 0666 <<'EOF'
[Service]
ExecStartPre=/bin/true
EOF
