# shellcheck shell=dash
# echo, discard, daytime and chargen, which serve attackers only, are off.
check_dos_prone_services_disabled() {
  judge_services_off "echo, discard, daytime or chargen" \
    'echo.socket discard.socket daytime.socket chargen.socket' \
    'echo echo-dgram echo-stream discard discard-dgram discard-stream daytime daytime-dgram daytime-stream chargen chargen-dgram chargen-stream' \
    '' 'tcp:7 udp:7 tcp:9 udp:9 tcp:13 udp:13 tcp:19 udp:19'
}
