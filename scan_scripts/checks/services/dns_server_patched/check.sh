# shellcheck shell=dash
# A DNS server, where one runs, has its distribution's fixes. The version is gathered; a person compares it.
check_dns_server_patched() {
  local products versions
  products=$(products_in_use bind other-dns)
  if [ -z "$products" ]; then
    pass "no DNS server is enabled here"
    return 0
  fi
  versions=$(package_version 'bind9 bind unbound nsd knot pdns-server pdns pdns-recursor dnsmasq dnsmasq-base')
  [ -z "$versions" ] || evidence "$versions"
  last_package_changes | evidence_lines
  manual "a DNS server runs here; compare its package version with the distribution's advisories, not with upstream numbers: ${versions:-version unknown}"
}
