# shellcheck shell=dash
# lp can log in.
typical_accounts
sed -i '/^alice:/d' "$ROOT/etc/passwd"
printf 'lp:x:7:7:lp:/var/spool/lpd:/bin/sh\n' | add_lines /etc/passwd
