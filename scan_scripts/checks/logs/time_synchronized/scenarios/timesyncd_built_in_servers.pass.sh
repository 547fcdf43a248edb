# shellcheck shell=dash
# Ubuntu and Debian ship it with servers built in.
typical_accounts
enabled_unit systemd-timesyncd.service sysinit.target
file /etc/systemd/timesyncd.conf <<'EOF'
[Time]
#NTP=
EOF
