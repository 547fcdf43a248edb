# shellcheck shell=dash
# The link's target counts, not the link.
typical_accounts
file /opt/app/app.service 0644 1000:1000 <<'EOF'
[Service]
ExecStart=/opt/app/run
EOF
link /etc/systemd/system/app.service /opt/app/app.service
