# shellcheck shell=dash
# A link has mode 777 of its own; what it leads to counts.
typical_accounts
mv "$ROOT/etc/passwd" "$ROOT/etc/passwd.real"
remember /etc/passwd.real 0644
link /etc/passwd passwd.real
