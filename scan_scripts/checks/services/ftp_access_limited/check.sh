# shellcheck shell=dash
# FTP admits given hosts only. A limit outside of the FTP server is for a person to show.
check_ftp_access_limited() {
  judge_servers ftp ftp_access
  conclude_servers FTP "each FTP server limits who may connect"
}

ftp_access() { # <product>: "<verdict> <why>"
  local path
  case $1 in
    vsftpd)
      vsftpd_files | while IFS= read -r path; do
        if [ "$(vsftpd_setting "$path" tcp_wrappers NO)" != YES ]; then
          printf 'manual %s: vsftpd itself admits every address; show a firewall or security group that limits 21/tcp\n' "$path"
        elif wrapper_refuses vsftpd; then
          printf 'pass %s: tcp_wrappers is YES, and /etc/hosts.deny refuses others\n' "$path"
        else
          printf 'fail %s: tcp_wrappers is YES, but /etc/hosts.deny refuses nobody\n' "$path"
        fi
      done
      ;;
    proftpd)
      if proftpd_directives | awk -F'\t' '
        $1 ~ / > limit [^>]*login/ && ($2 == "denyall" || $2 == "deny" && tolower($3) ~ /all/) { denied = 1 }
        END { exit !denied }'; then
        printf 'pass ProFTPD: <Limit LOGIN> refuses all but those it allows\n'
      else
        printf 'manual ProFTPD itself admits every address; show a firewall or security group that limits 21/tcp\n'
      fi
      ;;
    *)
      if wrapper_refuses in.ftpd && wrapper_refuses ftpd; then
        printf 'pass %s: /etc/hosts.deny refuses others, if it was started through tcpd\n' "$1"
      else
        printf 'manual %s admits every address; show a firewall or security group that limits 21/tcp\n' "$1"
      fi
      ;;
  esac
}
