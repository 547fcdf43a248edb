# shellcheck shell=dash
# Accounts do not come from NIS, and this host does not serve them.
check_nis_disabled() {
  nis_markers | awk '{ print "/etc/passwd asks NIS or another source: " $0 }' | evidence_lines
  judge_services_off NIS \
    'ypserv.service ypbind.service yppasswdd.service ypxfrd.service nis.service' \
    '' 'ypserv ypbind rpc.yppasswdd rpc.ypxfrd' ''
}
