# shellcheck shell=dash
# The commands and files of cron and at belong to root and are closed to other users.
check_cron_files_protected() {
  local command_limit file_limit
  command_limit=$(parameter cron_command_mode_limit) || return 1
  file_limit=$(parameter cron_file_mode_limit) || return 1
  printf '%s\n' /usr/bin/crontab /usr/bin/at | inspect_protection root "$command_limit"
  {
    printf '%s\n' /etc/crontab /etc/anacrontab /etc/cron.allow /etc/cron.deny /etc/at.allow /etc/at.deny
    matching_paths /etc/cron.d '*'
  } | inspect_protection root "$file_limit"
  # Scripts that cron starts directly need their execute bits: the limit of the commands holds for them.
  periodic_scripts | inspect_protection root "$command_limit"
  user_job_files | inspect_protection "$(passwd_records | awk -F: '{ printf "%s ", $1 }')" "$command_limit"
  conclude_protection "cron or at"
}

periodic_scripts() {
  local directory
  for directory in hourly daily weekly monthly; do
    matching_paths "/etc/cron.$directory" '*'
  done
}

user_job_files() { # jobs of users, which belong to those users
  local directory path
  for directory in /var/spool/cron /var/spool/cron/crontabs /var/spool/cron/atjobs /var/spool/at; do
    matching_paths "$directory" '*' | while IFS= read -r path; do
      ! has_file "$path" || printf '%s\n' "$path"
    done
  done
}
