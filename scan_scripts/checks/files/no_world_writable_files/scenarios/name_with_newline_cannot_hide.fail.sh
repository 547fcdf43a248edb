# shellcheck shell=dash
# A name with a newline is one file, and it is reported.
typical_accounts
mkdir -p "$ROOT/etc/odd"
name=$(printf 'a\nl 777 0 0 /harmless')
: >"$ROOT/etc/odd/$name"
empty_file '/etc/odd dir/plain file' 0646
