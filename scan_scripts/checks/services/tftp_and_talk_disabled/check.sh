# shellcheck shell=dash
# tftp and talk are off.
check_tftp_and_talk_disabled() {
  judge_services_off "tftp or talk" \
    'tftp.socket tftp.service tftpd-hpa.service atftpd.socket atftpd.service talk.socket ntalk.socket' \
    'tftp talk ntalk' 'tftpd in.tftpd atftpd talkd in.talkd ntalkd in.ntalkd' 'udp:69 udp:517 udp:518'
}
