# shellcheck shell=dash
# What NFS exports, it exports to named hosts or networks, never to everybody.
check_nfs_exports_limited() {
  local rows open
  not_in_use nfs "no NFS server is enabled here" && return 0
  rows=$(exports)
  [ -z "$rows" ] || printf '%s\n' "$rows" | exports_as_evidence
  open=$(printf '%s\n' "$rows" | open_exports)
  if [ -n "$open" ]; then
    fail "everybody may mount $(printf '%s\n' "$open" | summary_of_lines)"
  else
    pass "every export names its clients; a person compares them with the need"
  fi
}
