# shellcheck shell=dash
# A name that looks like another row is only a name.
typical_accounts
name=$(printf 'a\nf 666 0 0 ')
mkdir -p "$ROOT/srv/$name/etc"
: >"$ROOT/srv/$name/etc/passwd"
