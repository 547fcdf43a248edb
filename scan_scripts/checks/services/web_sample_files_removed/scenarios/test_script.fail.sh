# shellcheck shell=dash
# A script that shows the environment.
typical_accounts
enabled_unit httpd.service multi-user.target
empty_file /var/www/cgi-bin/test-cgi 0755
