# shellcheck shell=dash
# The SNMP agent answers named hosts or networks only.
check_snmp_access_limited() {
  local communities open
  not_in_use snmp "no SNMP agent is enabled here" && return 0
  if snmp_listens_locally; then
    pass "the agent listens on this host's own addresses only"
    return 0
  fi
  communities=$(snmp_communities '')
  printf '%s\n' "$communities" | awk -F'\t' '$0 != "" { print $1 ": " $2 " from " $3 }' | evidence_lines
  open=$(printf '%s\n' "$communities" | awk -F'\t' '$3 ~ /^(default|0\.0\.0\.0(\/0(\.0\.0\.0)?)?|::\/0|::)$/ { print $2 " in " $1 }')
  if [ -n "$open" ]; then
    fail "everybody may ask the agent: $(printf '%s\n' "$open" | summary_of_lines)"
  elif [ -n "$communities" ]; then
    pass "every community string is bound to a source"
  else
    manual "users of version 3 are not bound to a source; a firewall or security group must limit them"
  fi
}
