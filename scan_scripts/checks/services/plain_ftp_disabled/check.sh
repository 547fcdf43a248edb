# shellcheck shell=dash
# No FTP server that talks in the clear. One that insists on TLS is for a person to confirm.
check_plain_ftp_disabled() {
  local ports
  judge_servers ftp plain_ftp
  if [ -s "$OUT/products" ]; then
    conclude_servers FTP "no FTP server talks in the clear"
    return 0
  fi
  ports=$(listening_ports 'tcp:21')
  if [ -n "$ports" ]; then
    manual "no FTP server is enabled, but something listens on 21/tcp"
  else
    pass "no FTP server is enabled or offered"
  fi
}

plain_ftp() { # <product>: "<verdict> <why>"
  local path
  if [ "$1" = vsftpd ] && [ -n "$(vsftpd_files)" ]; then
    vsftpd_files | while IFS= read -r path; do
      if vsftpd_insists_on_tls "$path"; then
        printf 'manual %s: TLS is required; a person must confirm that FTP is needed at all\n' "$path"
      else
        printf 'fail %s: logins and data may pass in the clear\n' "$path"
      fi
    done
  elif [ "$1" = proftpd ] && proftpd_directives | awk -F'\t' '
    $2 == "tlsengine" { engine = tolower($3) } $2 == "tlsrequired" { required = tolower($3) }
    END { exit !(engine == "on" && required == "on") }'; then
    printf 'manual ProFTPD: TLS is required; a person must confirm that FTP is needed at all\n'
  elif [ "$1" = pure-ftpd ] && [ "$(pure_ftpd_setting TLS)" = 3 ]; then
    printf 'manual Pure-FTPd: TLS is required; a person must confirm that FTP is needed at all\n'
  else
    printf 'fail %s is on, and nothing there insists on TLS\n' "$1"
  fi
}

vsftpd_insists_on_tls() { # <file>
  [ "$(vsftpd_setting "$1" ssl_enable NO)" = YES ] &&
    [ "$(vsftpd_setting "$1" force_local_logins_ssl YES)" = YES ] &&
    [ "$(vsftpd_setting "$1" force_local_data_ssl YES)" = YES ] &&
    [ "$(vsftpd_setting "$1" anonymous_enable YES)" = NO ]
}
