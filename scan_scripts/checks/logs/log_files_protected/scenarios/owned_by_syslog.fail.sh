# shellcheck shell=dash
# Ubuntu's rsyslog owns its files; the guide says root.
typical_accounts
printf 'syslog:x:102:102::/nonexistent:/usr/sbin/nologin\n' | add_lines /etc/passwd
empty_file /var/log/syslog 0640 102:4
