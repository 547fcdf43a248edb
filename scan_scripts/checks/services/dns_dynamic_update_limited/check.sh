# shellcheck shell=dash
# Zones are updated over the network only by who holds a key, or not at all.
check_dns_dynamic_update_limited() {
  local rows states
  bind_is_to_be_judged "whom it lets update zones" || return 0
  bind_tokens >"$OUT/tokens"
  rows=$(bind_zone_settings allow-update <"$OUT/tokens")
  states=$(printf '%s\n' "$rows" | update_states "$(bind_open_lists <"$OUT/tokens")")
  [ -z "$states" ] || evidence "$states"
  case $states in
    *open*) fail "everybody may update $(printf '%s\n' "$states" | awk '/^open/ { print $3 }' | summary_of_lines)" ;;
    *addresses*) manual "updates are bound to addresses, which can be forged, and to no key: $(printf '%s\n' "$states" | awk '/^addresses/ { print $3 }' | summary_of_lines)" ;;
    *) pass "no zone may be updated without a key" ;;
  esac
}

update_states() { # <open lists>: standard input: bind_zone_settings; "<open|addresses|keys|refused> zone <zone>: <value>"
  awk -F'\t' -v lists="$1" '
    BEGIN { n = split(lists, name, " "); for (i = 1; i <= n; i++) is_open[name[i]] = 1 }
    $0 == "" || $2 !~ /^(master|primary)$/ { next }
    {
      state = "refused"
      n = split($4, word, " ")
      for (i = 1; i <= n; i++) {
        if (word[i] ~ /^[{};]$/ || word[i] == "none") continue
        if (word[i] == "key") { if (state == "refused") state = "keys"; i++; continue }
        if (word[i] ~ /^!/) continue
        if (word[i] ~ /^(any|0\.0\.0\.0\/0|0\/0|::\/0)$/ || word[i] in is_open) { state = "open"; break }
        state = "addresses"
      }
      print state " zone " $1 ": allow-update " ($3 == "none" ? "is not set" : "{ " $4 " }")
    }'
}
