# shellcheck shell=dash
# Community strings are long and mixed, and not the ones everybody tries first.
check_snmp_community_strings_complex() {
  local forbidden length special communities faults
  forbidden=$(parameter forbidden_community_strings) || return 1
  length=$(parameter community_string_minimum_length) || return 1
  special=$(parameter community_string_minimum_length_with_special) || return 1
  not_in_use snmp "no SNMP agent is enabled here" && return 0
  communities=$(snmp_communities "$forbidden")
  faults=$(printf '%s\n' "$communities" | awk -F'\t' -v plain="$length" -v mixed="$special" '
    $0 == "" { next }
    $6 == "forbidden" { print $1 ": the string of " $2 " is one that everybody knows"; next }
    plain == 0 { next }
    $5 == "letters digits special" && $4 >= mixed { next }
    $5 ~ /letters digits/ && $4 >= plain { next }
    { print $1 ": the string of " $2 " is too short or too plain (" $5 ")" }')
  printf '%s\n' "$communities" | awk -F'\t' '$0 != "" { print $1 ": " $2 ", a string of " $5 }' | evidence_lines
  if [ -n "$faults" ]; then
    fail "$(printf '%s\n' "$faults" | summary_of_lines)"
  elif [ -n "$communities" ]; then
    pass "every community string is as long and as mixed as asked"
  elif [ -n "$(snmp_version_3_users)" ]; then
    manual "only version 3 is set up; how strong its passwords are cannot be read"
  else
    pass "no community string is set up"
  fi
}
