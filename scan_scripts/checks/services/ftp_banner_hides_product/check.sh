# shellcheck shell=dash
# What an FTP server says first names neither product nor version.
check_ftp_banner_hides_product() {
  judge_servers ftp ftp_banner
  conclude_servers FTP "what FTP servers say first names no product or version"
}

ftp_banner() { # <product>: "<verdict> <why>"
  case $1 in
    vsftpd)
      vsftpd_files | while IFS= read -r path; do
        vsftpd_banner "$path" | judge_banner "$path"
      done
      ;;
    proftpd) proftpd_banner | judge_banner "$(proftpd_file)" ;;
    *) printf 'manual what %s says first must be seen by a person (connect to port 21)\n' "$1" ;;
  esac
}

judge_banner() { # <file>: standard input: the text
  awk -v file="$1" '
    tolower($0) ~ /(vs|pro|pure|wu)-?ftpd?|ftpd|filezilla|ubuntu|debian|centos|red ?hat|rocky|amazon linux/ || /[0-9]+\.[0-9]+/ { bad = bad == "" ? $0 : bad }
    END {
      if (bad != "") print "fail " file ": the banner says " bad
      else print "pass " file ": the banner names no product or version"
    }'
}
