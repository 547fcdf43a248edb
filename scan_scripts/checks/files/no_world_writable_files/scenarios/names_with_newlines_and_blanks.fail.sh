# shellcheck shell=dash
# Neither a newline nor a blank in a name hides what comes after it.
typical_accounts
mkdir -p "$ROOT/etc/odd"
name=$(printf 'a\nl 777 0 0 harmless')
: >"$ROOT/etc/odd/$name"
empty_file '/etc/odd dir/plain file' 0646
