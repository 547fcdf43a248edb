# shellcheck shell=dash
# The drawing that Amazon Linux 2 greets with warns nobody, and no person wrote it.
file /etc/ssh/sshd_config 0600 <<'EOF'
Port 22
EOF
file /etc/issue <<'EOF'
\S
Kernel \r on an \m
EOF
file /etc/motd <<'EOF'

       __|  __|_  )
       _|  (     /   Amazon Linux 2 AMI
      ___|\___|___|

https://aws.amazon.com/amazon-linux-2/
EOF
