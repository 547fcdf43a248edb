# shellcheck shell=dash
# No Samba share lets guests in.
check_anonymous_samba_denied() {
  local rows open
  not_in_use samba "no Samba server is enabled here" && return 0
  require_file /etc/samba/smb.conf || return 0
  rows=$(samba_settings)
  open=$(printf '%s\n' "$rows" | samba_guest_shares)
  printf '%s\n' "$rows" | awk -F'\t' '$2 ~ /^(guestok|public|maptoguest|guestonly|onlyguest|restrictanonymous)$/ { print "[" $1 "] " $2 " = " $3 }' | evidence_lines
  if [ -n "$open" ]; then
    fail "guests may use the share $(printf '%s\n' "$open" | summary_of_lines)"
  elif [ -n "$(printf '%s\n' "$rows" | awk -F'\t' '$2 == "include" || $2 == "configbackend" || $2 == "registryshares" && $3 ~ /^(yes|true|1)$/')" ]; then
    manual "smb.conf includes other files or the registry; run testparm -s and look for guest ok"
  else
    pass "no Samba share has guest ok"
  fi
}

samba_settings() { # "<section> <key without blanks> <value>", tabs between, lower case
  file_awk /etc/samba/smb.conf '
    { sub(/\r$/, ""); sub(/^[ \t]+/, "") }
    /^[#;]/ || /^$/ { next }
    /\\$/ { joined = joined substr($0, 1, length($0) - 1); next }
    {
      line = joined $0
      joined = ""
      if (match(line, /^\[[^]]*\]/)) { section = tolower(substr(line, 2, RLENGTH - 2)); next }
      at = index(line, "=")
      if (!at) next
      key = tolower(substr(line, 1, at - 1)); value = tolower(substr(line, at + 1))
      gsub(/[ \t]/, "", key); sub(/^[ \t]+/, "", value); sub(/[ \t]+$/, "", value)
      print section "\t" key "\t" value
    }'
}

samba_guest_shares() { # standard input: samba_settings; shares whose last word on guests, their own or that of [global], is yes
  awk -F'\t' '
    $2 == "guestok" || $2 == "public" { guest[$1] = $3 ~ /^(yes|true|1|on)$/ ? "yes" : "no" }
    $1 != "" && $1 != "global" { share[$1] = 1 }
    END { for (name in share) if ((name in guest ? guest[name] : guest["global"]) == "yes") print name }' | sort
}
