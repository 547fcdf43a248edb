# shellcheck shell=dash
# Old RPC programs are off, and so is rpcbind unless something on this host needs it.
check_rpc_services_disabled() {
  local programs found binder users
  programs='cmsd rpc.cmsd 100068 ttdbserverd rpc.ttdbserverd 100083 sadmind 100232 rusersd rpc.rusersd 100002
    walld rpc.walld 100008 sprayd rpc.sprayd 100012 rstatd rpc.rstatd 100001 rexd rpc.rexd 100017 pcnfsd rpc.pcnfsd 150001
    ypupdated rpc.ypupdated 100028 rquotad rpc.rquotad 100011 kcms_server 100221 cachefsd 100235 statd rpc.statd 100024'
  found=$(service_findings 'rusersd.service rstatd.service rwalld.service sprayd.service rpc-rquotad.service' \
    "$(printf '%s' "$programs" | tr '\n' ' ')" 'rpc.cmsd rpc.ttdbserverd sadmind rpc.rusersd rpc.rwalld rpc.sprayd rpc.rstatd rpc.rexd rpc.pcnfsd rpc.ypupdated')
  binder=$(service_findings 'rpcbind.service rpcbind.socket portmap.service' '' 'rpcbind portmap')
  users=$(rpc_users)
  [ -z "$found$binder$users" ] || printf '%s\n' "$found" "$binder" "$users" | awk '$0 != ""' | evidence_lines
  if [ -n "$found" ]; then
    fail "an RPC program that nobody should need: $(printf '%s\n' "$found" | summary_of_lines)"
  elif [ -n "$binder" ] && [ -z "$users" ]; then
    fail "rpcbind is on, and nothing on this host seems to need it: $(printf '%s\n' "$binder" | summary_of_lines)"
  elif [ -n "$binder" ]; then
    manual "rpcbind is on; a person must say whether it is needed: $(printf '%s\n' "$users" | summary_of_lines)"
  else
    pass "neither rpcbind nor an old RPC program is enabled or offered"
  fi
}

rpc_users() { # what may need rpcbind
  product_facts nfs
  enabled_units "$UNITS autofs.service ypbind.service ypserv.service"
  ! has_file /etc/fstab || effective_lines /etc/fstab | awk '$3 == "nfs" || $3 == "nfs3" { print "/etc/fstab mounts " $2 " over NFS" }'
}
