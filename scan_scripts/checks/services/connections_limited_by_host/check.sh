# shellcheck shell=dash
# The host itself limits which addresses and ports may connect. A security group is not visible from inside.
check_connections_limited_by_host() {
  local without states kernel
  without=$(parameter verdict_without_host_limit) || return 1
  states=$(firewalls_set_up)
  [ -z "$states" ] || evidence "$states"
  kernel_refuses_input
  kernel=$?
  if [ "$kernel" -eq 0 ]; then
    pass "rules in the kernel drop or reject what is not let in"
  elif [ "$kernel" -eq 2 ] && printf '%s\n' "$states" | grep -q '^limited'; then
    pass "$(printf '%s\n' "$states" | awk '$1 == "limited" { sub(/^limited /, ""); print }' | summary_of_lines)"
  elif wrapper_refuses sshd && sshd_asks_wrappers; then
    pass "/etc/hosts.deny refuses others, and the SSH server asks the TCP wrappers"
  elif [ "$kernel" -eq 2 ] && printf '%s\n' "$states" | grep -q '^unknown'; then
    manual "$(printf '%s\n' "$states" | awk '$1 == "unknown" { sub(/^unknown /, ""); print }' | summary_of_lines)"
  else
    wrapper_evidence
    no_host_limit "$without"
  fi
}

wrapper_evidence() {
  if wrapper_refuses sshd; then
    evidence "/etc/hosts.deny refuses others, but no SSH server here is linked with libwrap, so nobody asks it"
  fi
}

no_host_limit() { # <verdict>
  if [ "$1" = fail ]; then
    fail "no firewall of the host limits who may connect"
  else
    manual "no firewall of the host limits who may connect; where a security group does, attach its rules"
  fi
}
