# shellcheck shell=dash
# This host serves no files over NFS. Its client side, which mounts from others, is not looked for.
check_nfs_server_disabled() {
  product_facts nfs
  exports | exports_as_evidence
  judge_services_off "the NFS server" "$UNITS" '' "$PROCESSES" 'tcp:2049'
}
