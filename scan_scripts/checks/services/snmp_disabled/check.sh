# shellcheck shell=dash
# No SNMP agent runs here. Where monitoring needs one, the guide's text still calls it a finding.
check_snmp_disabled() {
  judge_services_off SNMP 'snmpd.service snmptrapd.service snmptrapd.socket' '' 'snmpd snmptrapd' 'udp:161 udp:162'
}
