# shellcheck shell=dash
# What every distribution ships closed is no candidate.
typical_accounts
sed -i '/^alice:/d' "$ROOT/etc/passwd"
printf 'lp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin\nuucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin\n' | add_lines /etc/passwd
