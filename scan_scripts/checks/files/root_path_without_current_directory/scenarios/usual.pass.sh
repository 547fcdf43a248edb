# shellcheck shell=dash
# Absolute directories only.
typical_accounts
file /etc/profile <<'EOF'
if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
fi
export PATH
EOF
file /root/.bash_profile <<'EOF'
PATH=$PATH:$HOME/bin
export PATH
EOF
