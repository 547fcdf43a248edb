# shellcheck shell=dash
# A client, and SSH's own file transfer.
typical_accounts
empty_file /usr/bin/ftp 0755
file /etc/ssh/sshd_config 0600 <<'EOF'
Subsystem sftp /usr/lib/openssh/sftp-server
EOF
