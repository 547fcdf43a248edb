# shellcheck shell=dash
# A mail server forwards mail of its own network only.
check_mail_relay_limited() {
  PREFIX_MINIMUM=$(parameter relay_network_prefix_minimum) || return 1
  judge_servers mail relay
  conclude_servers mail "no mail server forwards mail of strangers"
}

relay() { # <product>: "<verdict> <why>"
  case $1 in
    postfix)
      if has_file /etc/postfix/main.cf; then
        relay_of_postfix
      else
        printf 'manual /etc/postfix/main.cf was not found\n'
      fi
      ;;
    sendmail) relay_of_sendmail ;;
    exim) relay_of_exim ;;
  esac
}

relay_of_postfix() {
  local restrictions networks overrides
  if postfix_listens_locally; then
    printf 'pass Postfix listens for this host only\n'
    return 0
  fi
  restrictions="$(postfix_setting smtpd_relay_restrictions 'permit_mynetworks permit_sasl_authenticated defer_unauth_destination') $(postfix_setting smtpd_recipient_restrictions '')"
  networks=$(postfix_setting mynetworks '')
  overrides=$(
    postfix_overrides smtpd_relay_restrictions
    postfix_overrides smtpd_recipient_restrictions
    postfix_overrides mynetworks
  )
  case $(relay_restrictions "$restrictions") in
    guarded) relay_networks "Postfix: mynetworks" "$networks" ;;
    custom) printf 'manual Postfix: a table or policy service may permit relaying before strangers are refused: %s\n' "$restrictions" ;;
    *) printf 'fail Postfix: nothing refuses mail of strangers to strangers: %s\n' "$restrictions" ;;
  esac
  [ -z "$overrides" ] || printf 'manual Postfix: services have restrictions of their own: %s\n' "$(printf '%s\n' "$overrides" | summary_of_lines)"
}

relay_restrictions() { # <words>: guarded, custom or open
  printf '%s\n' "$1" | one_word_a_line | awk '
    /^(reject_unauth_destination|defer_unauth_destination|reject|defer)$/ { print custom ? "custom" : "guarded"; found = 1; exit }
    $0 == "permit" { exit }
    /^(permit_mynetworks|permit_sasl_authenticated|permit_auth_destination)$/ { next }
    /^(check_|permit_|[a-z]+:)/ { custom = 1 }
    END { if (!found) print "open" }'
}

relay_networks() { # <whose> <networks>: wide ones let strangers in
  printf '%s\n' "$2" | one_word_a_line | awk -v whose="$1" -v least="$PREFIX_MINIMUM" '
    /^[a-z]+:/ && !/^::/ { table = $0 }
    /^\// { table = $0 }
    $0 == "*" { wide = $0 }
    {
      gsub(/[][]/, "")
      at = index($0, "/")
      if (at > 1 && substr($0, at + 1) ~ /^[0-9]+$/ && substr($0, at + 1) + 0 < least + 0) wide = $0
    }
    END {
      if (wide != "") print "fail " whose " has " wide ", which is wider than /" least
      else if (table != "") print "manual " whose " comes from " table
      else print "pass " whose " names no wide network"
    }'
}

relay_of_sendmail() {
  local source=/etc/mail/sendmail.mc
  if ! sendmail_file >/dev/null; then
    printf 'manual sendmail.cf was not found\n'
  elif sendmail_listens_locally; then
    printf 'pass Sendmail listens for this host only\n'
  elif ! has_file "$source"; then
    printf 'manual Sendmail: without %s a person must read its rules on relaying\n' "$source"
  elif file_awk "$source" '!/^[ \t]*(dnl|#)/ && /FEATURE\(.?promiscuous_relay/ { found = 1 } END { exit !found }'; then
    printf 'fail Sendmail: promiscuous_relay is on\n'
  else
    printf 'pass Sendmail refuses to relay unless /etc/mail/access allows it\n'
  fi
}

relay_of_exim() {
  local interfaces networks
  interfaces=$(exim_setting dc_local_interfaces local_interfaces)
  networks=$(exim_setting dc_relay_nets relay_from_hosts)
  if [ -n "$interfaces" ] && [ -z "$(printf '%s\n' "$interfaces" | one_word_a_line | awk '$0 != "" && !/^(127\.[0-9.]+|::1|localhost|@\[\])(\.[0-9]+)?$/')" ]; then
    printf 'pass Exim listens for this host only\n'
  else
    relay_networks "Exim: relay_from_hosts" "$networks"
  fi
}
