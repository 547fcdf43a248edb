# shellcheck shell=dash
# No FTP server lets somebody in without an account.
check_anonymous_ftp_denied() {
  judge_servers ftp anonymous_ftp
  conclude_servers FTP "no FTP server admits anonymous logins"
}

anonymous_ftp() { # <product>: "<verdict> <why>"
  case $1 in
    vsftpd)
      vsftpd_files | while IFS= read -r path; do
        # Without a line vsftpd admits them.
        case $(vsftpd_setting "$path" anonymous_enable YES) in
          NO) printf 'pass %s: anonymous_enable is NO\n' "$path" ;;
          *) printf 'fail %s: anonymous_enable is YES, which is also what it is without a line\n' "$path" ;;
        esac
      done
      ;;
    proftpd)
      if [ -n "$(proftpd_directives | awk -F'\t' '$1 ~ / > anonymous/')" ]; then
        printf 'fail %s has an <Anonymous> section\n' "$(proftpd_file)"
      else
        printf 'pass ProFTPD has no <Anonymous> section\n'
      fi
      ;;
    pure-ftpd)
      case $(pure_ftpd_setting NoAnonymous) in
        yes | 1 | on) printf 'pass Pure-FTPd: NoAnonymous is yes\n' ;;
        *) printf 'fail Pure-FTPd: NoAnonymous is not yes\n' ;;
      esac
      ;;
    *) classic_ftpd ;;
  esac
}

classic_ftpd() { # the ftpd of inetd admits "anonymous" when the account ftp exists and is not refused
  if [ -z "$(passwd_records | awk -F: '$1 == "ftp" || $1 == "anonymous"')" ]; then
    printf 'pass ftpd: there is no account ftp\n'
  elif lists_account /etc/ftpusers ftp && lists_account /etc/ftpusers anonymous; then
    printf 'pass ftpd: /etc/ftpusers refuses ftp and anonymous\n'
  else
    printf 'fail ftpd: the account ftp exists, so anonymous logins are admitted\n'
  fi
}
