# shellcheck shell=dash
# What Sendmail says by itself names its version.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit sendmail.service multi-user.target
printf 'O SmtpGreetingMessage=$j Sendmail $v/$Z; $b\n' | file /etc/mail/sendmail.cf
