# shellcheck shell=dash
# No export gives its clients an anonymous identity or lets everybody in.
check_anonymous_nfs_denied() {
  local rows found
  not_in_use nfs "no NFS server is enabled here" && return 0
  rows=$(exports)
  [ -z "$rows" ] || printf '%s\n' "$rows" | exports_as_evidence
  found=$(
    printf '%s\n' "$rows" | awk -F'\t' '
    $0 == "" { next }
    $4 ~ /(^|,)(all_squash|anonuid=[^,]*|anongid=[^,]*)(,|$)/ { print $2 " in " $1 " has " $4 }'
    printf '%s\n' "$rows" | open_exports | awk '{ print $0 " is open to everybody" }'
  )
  if [ -n "$found" ]; then
    fail "anonymous access over NFS: $(printf '%s\n' "$found" | summary_of_lines)"
  else
    pass "no export has all_squash, anonuid or anongid, and each names its clients"
  fi
}
