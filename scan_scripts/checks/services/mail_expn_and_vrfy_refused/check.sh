# shellcheck shell=dash
# A mail server does not tell strangers which accounts exist (EXPN and VRFY).
check_mail_expn_and_vrfy_refused() {
  judge_servers mail expn_and_vrfy
  conclude_servers mail "EXPN and VRFY are refused"
}

expn_and_vrfy() { # <product>: "<verdict> <why>"
  case $1 in
    postfix)
      if ! has_file /etc/postfix/main.cf; then
        printf 'manual /etc/postfix/main.cf was not found\n'
      elif [ "$(postfix_setting disable_vrfy_command no)" = yes ]; then
        printf 'pass Postfix: disable_vrfy_command is yes (it never answers EXPN)\n'
      else
        printf 'fail Postfix: disable_vrfy_command is not yes\n'
      fi
      ;;
    sendmail)
      if ! sendmail_file >/dev/null; then
        printf 'manual sendmail.cf was not found\n'
      elif sendmail_privacy | awk '{ has[$0] = 1 } END { exit !(has["goaway"] || has["noexpn"] && has["novrfy"]) }'; then
        printf 'pass Sendmail: PrivacyOptions refuses both\n'
      else
        printf 'fail Sendmail: PrivacyOptions has neither goaway nor both noexpn and novrfy\n'
      fi
      ;;
    exim)
      # Debian's answers never set these; Exim then refuses both.
      if [ -n "$(exim_setting - acl_smtp_vrfy)$(exim_setting - acl_smtp_expn)" ]; then
        printf 'manual Exim: acl_smtp_vrfy or acl_smtp_expn is set; a person must read what it accepts\n'
      else
        printf 'pass Exim: no ACL accepts VRFY or EXPN\n'
      fi
      ;;
  esac
}
