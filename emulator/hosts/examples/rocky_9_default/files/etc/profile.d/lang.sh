[ -r /etc/locale.conf ] && . /etc/locale.conf
[ -n "$LANG" ] && export LANG
