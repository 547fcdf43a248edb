# shellcheck shell=dash
# lpadmin is not lp, and it is an account of the system.
typical_accounts
sed -i '/^alice:/d' "$ROOT/etc/passwd"
printf 'lpadmin:x:107:107::/var/lib/lp:/bin/sh\n' | add_lines /etc/passwd
