# shellcheck shell=dash
# The lists that say who may not (or may) use FTP belong to root and are closed to others.
check_ftpusers_files_protected() {
  local limit
  limit=$(parameter ftpusers_file_mode_limit) || return 1
  if [ -z "$(ftp_products_in_use)" ]; then
    not_applicable "no FTP server is enabled here"
    return 0
  fi
  ftpusers_files | inspect_protection root "$limit"
  conclude_protection "ftpusers file or list of FTP users"
}
