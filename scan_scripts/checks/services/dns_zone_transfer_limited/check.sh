# shellcheck shell=dash
# Zones are transferred to named servers only.
check_dns_zone_transfer_limited() {
  local rows open version
  bind_is_to_be_judged "whom it lets transfer zones" || return 0
  bind_tokens >"$OUT/tokens"
  rows=$(bind_zone_settings allow-transfer <"$OUT/tokens")
  printf '%s\n' "$rows" | awk -F'\t' '$0 != "" { print "zone " $1 " (" $2 "): allow-transfer " ($3 == "none" ? "is not set" : "{ " $4 " }, from " $3) }' | evidence_lines
  open=$(printf '%s\n' "$rows" | open_transfers "$(bind_open_lists <"$OUT/tokens")")
  version=$(bind_version)
  judge_transfers "$rows" "$open" "$version"
}

open_transfers() { # <open lists>: standard input: bind_zone_settings; zones that everybody may have
  awk -F'\t' -v lists="$1" '
    BEGIN { n = split(lists, name, " "); for (i = 1; i <= n; i++) is_open[name[i]] = 1 }
    $0 == "" || $3 == "none" { next }
    {
      value = $4
      sub(/^port [0-9]+ /, "", value); sub(/^transport [^ ]+ /, "", value)
      n = split(value, word, " ")
      for (i = 1; i <= n; i++)
        if (word[i] ~ /^(any|0\.0\.0\.0\/0|0\/0|::\/0)$/ || word[i] in is_open) { print $1; next }
    }'
}

judge_transfers() { # <zones> <open zones> <version>
  local unset
  unset=$(printf '%s\n' "$1" | awk -F'\t' '$3 == "none" { print $1 }')
  if [ -n "$2" ]; then
    fail "everybody may transfer the zone $(printf '%s\n' "$2" | summary_of_lines)"
  elif [ -z "$unset" ]; then
    pass "every zone names who may transfer it, or there is no zone"
  elif [ -z "$3" ]; then
    manual "allow-transfer is not set, and BIND's version is unknown: until 9.18 that lets everybody transfer the zone $(printf '%s\n' "$unset" | summary_of_lines)"
  elif printf '%s\n' "$3" | awk -F. '{ exit !($1 > 9 || $1 == 9 && $2 + 0 >= 20) }'; then
    pass "allow-transfer is not set, and BIND $3 then refuses"
  else
    fail "allow-transfer is not set, and BIND $3 then lets everybody transfer the zone $(printf '%s\n' "$unset" | summary_of_lines)"
  fi
}
