# shellcheck shell=dash
# Host name, protocol and product are no warning.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit postfix.service multi-user.target
printf 'smtpd_banner = $myhostname ESMTP $mail_name (Debian/GNU)\n' | file /etc/postfix/main.cf
