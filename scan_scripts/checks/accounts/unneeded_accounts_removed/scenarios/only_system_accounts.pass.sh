# shellcheck shell=dash
# Nobody but root and the system.
typical_accounts
sed -i '/^alice:/d' "$ROOT/etc/passwd"
