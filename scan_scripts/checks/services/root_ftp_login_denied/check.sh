# shellcheck shell=dash
# root cannot log in over FTP.
check_root_ftp_login_denied() {
  judge_servers ftp root_over_ftp
  conclude_servers FTP "root cannot log in over FTP"
}

root_over_ftp() { # <product>: "<verdict> <why>"
  local value
  case $1 in
    vsftpd) vsftpd_files | while IFS= read -r path; do root_over_vsftpd "$path"; done ;;
    proftpd)
      value=$(proftpd_directives | awk -F'\t' '$2 == "rootlogin" { value = tolower($3) } END { print value }')
      if [ "$value" = on ]; then
        printf 'fail %s: RootLogin is on\n' "$(proftpd_file)"
      else
        printf 'pass ProFTPD refuses root unless RootLogin is on\n'
      fi
      ;;
    pure-ftpd)
      value=$(pure_ftpd_setting MinUID)
      if is_number "$value" && [ "$value" -gt 0 ]; then
        printf 'pass Pure-FTPd: MinUID is %s\n' "$value"
      else
        printf 'fail Pure-FTPd: MinUID does not keep UID 0 out\n'
      fi
      ;;
    *)
      if lists_account /etc/ftpusers root; then
        printf 'pass ftpd: /etc/ftpusers refuses root\n'
      else
        printf 'fail ftpd: /etc/ftpusers does not refuse root\n'
      fi
      ;;
  esac
}

root_over_vsftpd() { # <file>: refused by a list of its own, by PAM's, or because no local account may log in
  local list listed=no
  if [ "$(vsftpd_setting "$1" local_enable NO)" = NO ]; then
    printf 'pass %s: no local account may log in (local_enable is NO)\n' "$1"
    return 0
  fi
  list=$(vsftpd_setting "$1" userlist_file '')
  if [ -z "$list" ]; then
    # What it is built with: the Red Hat family keeps it in the directory.
    list=/etc/vsftpd.user_list
    ! has_file /etc/vsftpd/user_list || list=/etc/vsftpd/user_list
  fi
  ! lists_account "$list" root || listed=yes
  if [ "$(vsftpd_setting "$1" userlist_enable NO)" = YES ]; then
    case $(vsftpd_setting "$1" userlist_deny YES).$listed in
      YES.yes | NO.no)
        printf 'pass %s: the list %s keeps root out\n' "$1" "$list"
        return 0
        ;;
    esac
  fi
  list=$(vsftpd_pam_list "$1")
  if [ -n "$list" ] && lists_account "$list" root; then
    printf 'pass %s: PAM refuses who stands in %s, and root does\n' "$1" "$list"
  else
    printf 'fail %s: root stands in no list that is in force\n' "$1"
  fi
}

vsftpd_pam_list() { # <file>: the list of refused accounts that its PAM service reads
  local service
  service=$(vsftpd_setting "$1" pam_service_name ftp)
  pam_stack "$service" auth 2>/dev/null | awk -F'\t' '
    $2 == "pam_listfile.so" && $4 ~ /sense=deny/ && $4 ~ /item=user/ && match($4, /file=[^ ]+/) {
      print substr($4, RSTART + 5, RLENGTH - 5)
      exit
    }'
}
