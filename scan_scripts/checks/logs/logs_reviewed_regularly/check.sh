# shellcheck shell=dash
# Logs are reviewed, analysed and reported. That is a matter of people; the script gathers what may help.
check_logs_reviewed_regularly() {
  enabled_units 'amazon-cloudwatch-agent.service awslogsd.service fluent-bit.service td-agent.service filebeat.service splunk.service SplunkForwarder.service vector.service auditd.service' | evidence_lines
  matching_paths /etc/cron.daily '*logwatch*' | awk '{ print "a daily summary of logs: " $0 }' | evidence_lines
  if has_file /etc/rsyslog.conf; then
    effective_lines /etc/rsyslog.conf | awk '$NF ~ /^@/ { print "/etc/rsyslog.conf sends " $1 " to a log host" }' | evidence_lines
  fi
  manual "a person must see the records of who reviewed logs, when, and what came of it"
}
