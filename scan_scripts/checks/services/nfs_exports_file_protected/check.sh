# shellcheck shell=dash
# The files that say what NFS exports belong to root and others cannot write them.
check_nfs_exports_file_protected() {
  local limit
  limit=$(parameter nfs_exports_file_mode_limit) || return 1
  exports_files | inspect_protection root "$limit"
  conclude_protection "/etc/exports or drop-in of it"
}
