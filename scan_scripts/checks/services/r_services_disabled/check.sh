# shellcheck shell=dash
# rlogin, rsh and rexec are off.
check_r_services_disabled() {
  judge_services_off "rlogin, rsh or rexec" \
    "$R_SERVICE_UNITS" "$R_SERVICE_NAMES" "$R_SERVICE_PROCESSES" 'tcp:512 tcp:513 tcp:514'
}
