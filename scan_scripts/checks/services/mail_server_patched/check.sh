# shellcheck shell=dash
# A mail server, where one runs, has its distribution's fixes. The version is gathered; a person compares it.
check_mail_server_patched() {
  local products versions
  products=$(mail_products_in_use)
  if [ -z "$products" ]; then
    pass "no mail server is enabled here"
    return 0
  fi
  versions=$(package_version 'postfix sendmail exim4-daemon-light exim4-daemon-heavy exim')
  [ -z "$versions" ] || evidence "$versions"
  last_package_changes | evidence_lines
  manual "a mail server runs here; compare its package version with the distribution's advisories, not with upstream numbers: ${versions:-version unknown}"
}
