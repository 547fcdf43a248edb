# shellcheck shell=dash
# The files that tell inetd and xinetd what to start belong to root and nobody else may read them.
check_inetd_files_protected() {
  local limit
  limit=$(parameter inetd_file_mode_limit) || return 1
  {
    printf '%s\n' /etc/inetd.conf /etc/xinetd.conf
    matching_paths /etc/inetd.d '*'
    matching_paths /etc/xinetd.d '*'
  } | inspect_protection root "$limit"
  conclude_protection "configuration of inetd or xinetd"
}
