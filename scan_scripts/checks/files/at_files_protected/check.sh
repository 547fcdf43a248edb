# shellcheck shell=dash
# The command and the lists of at belong to root and are closed to other users; jobs belong to their user.
check_at_files_protected() {
  local command_limit file_limit
  command_limit=$(parameter at_command_mode_limit) || return 1
  file_limit=$(parameter at_file_mode_limit) || return 1
  printf '%s\n' /usr/bin/at | inspect_protection root "$command_limit"
  printf '%s\n' /etc/at.allow /etc/at.deny | inspect_protection root "$file_limit"
  job_files /var/spool/cron/atjobs /var/spool/at |
    inspect_protection "$EVERY_ACCOUNT" "$command_limit"
  conclude_protection "at"
}
