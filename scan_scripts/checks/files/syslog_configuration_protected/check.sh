# shellcheck shell=dash
# The configuration of the syslog daemon belongs to root (or bin, sys) and others may not read it.
check_syslog_configuration_protected() {
  local limit owners
  limit=$(parameter syslog_configuration_mode_limit) || return 1
  owners=$(parameter system_file_owners) || return 1
  {
    printf '%s\n' /etc/rsyslog.conf /etc/syslog.conf /etc/syslog-ng/syslog-ng.conf
    matching_paths /etc/rsyslog.d '*.conf'
    matching_paths /etc/syslog-ng/conf.d '*.conf'
  } | inspect_protection "$owners" "$limit"
  conclude_protection "configuration of a syslog daemon (a host with journald only has none)"
}
