# shellcheck shell=dash
# A warning follows the host name.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit postfix.service multi-user.target
printf 'smtpd_banner = $myhostname ESMTP Unauthorized use is prohibited\n' | file /etc/postfix/main.cf
