# shellcheck shell=dash
# A warning stands in the greeting.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit sendmail.service multi-user.target
printf 'O SmtpGreetingMessage=$j WARNING: authorized use only; $b\n' | file /etc/mail/sendmail.cf
