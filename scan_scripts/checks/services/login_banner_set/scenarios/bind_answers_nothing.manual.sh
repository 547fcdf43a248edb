# shellcheck shell=dash
# version none hides the version and warns nobody; a person must say whether that is enough.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit named.service multi-user.target
printf 'options { version none; };\n' | file /etc/named.conf
