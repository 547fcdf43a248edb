# shellcheck shell=dash
# A link has mode 777 of its own; what it leads to counts.
typical_accounts
mv "$ROOT/etc/shadow" "$ROOT/etc/shadow.real"
remember /etc/shadow.real 0400
link /etc/shadow shadow.real
