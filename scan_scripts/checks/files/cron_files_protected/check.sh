# shellcheck shell=dash
# The command and the files of cron belong to root and are closed to other users; jobs belong to their user.
check_cron_files_protected() {
  local command_limit file_limit
  command_limit=$(parameter cron_command_mode_limit) || return 1
  file_limit=$(parameter cron_file_mode_limit) || return 1
  printf '%s\n' /usr/bin/crontab | inspect_protection root "$command_limit"
  {
    printf '%s\n' /etc/crontab /etc/anacrontab /etc/cron.allow /etc/cron.deny
    matching_paths /etc/cron.d '*'
  } | inspect_protection root "$file_limit"
  # Scripts that cron starts directly need their execute bits: the limit of the commands holds for them.
  periodic_scripts | inspect_protection root "$command_limit"
  job_files /var/spool/cron /var/spool/cron/crontabs | inspect_protection "$EVERY_ACCOUNT" "$command_limit"
  conclude_protection "cron"
}

periodic_scripts() {
  local directory
  for directory in hourly daily weekly monthly; do
    matching_paths "/etc/cron.$directory" '*'
  done
}
