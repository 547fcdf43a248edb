# shellcheck shell=dash
# No Telnet server answers. The client of the same name does no harm and is not looked for.
check_telnet_disabled() {
  judge_services_off Telnet \
    'telnet.socket telnetd.service inetutils-telnetd.service' \
    'telnet' 'telnetd in.telnetd' 'tcp:23'
}
