# shellcheck shell=dash
# The SNMP agent answers version 3 only: no community string opens it.
check_snmp_version_3_only() {
  local communities users
  not_in_use snmp "no SNMP agent is enabled here" && return 0
  communities=$(snmp_communities '')
  users=$(snmp_version_3_users)
  printf '%s\n' "$communities" | awk -F'\t' '$0 != "" { print $1 ": " $2 " (version 1 or 2c)" }' | evidence_lines
  [ -z "$users" ] || evidence "$users"
  if [ -n "$communities" ]; then
    fail "versions 1 and 2c are answered: $(printf '%s\n' "$communities" | awk -F'\t' '{ print $2 " in " $1 }' | summary_of_lines)"
  elif [ -n "$users" ]; then
    pass "only users of version 3 are set up"
  elif [ -z "$(snmp_files)" ]; then
    manual "no configuration of the agent was found where it is read by default"
  else
    pass "no community string is set up, so versions 1 and 2c are not answered"
  fi
}
