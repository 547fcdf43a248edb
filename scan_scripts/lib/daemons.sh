# shellcheck shell=dash
# Which server programs are in use, by product: enabled, started by a super server, or running.

product_facts() { # <product>: sets UNITS, ENTRIES (of inetd and xinetd) and PROCESSES
  UNITS='' ENTRIES='' PROCESSES=''
  case $1 in
    vsftpd) UNITS='vsftpd.service vsftpd@.service vsftpd.target' PROCESSES='vsftpd' ;;
    proftpd) UNITS='proftpd.service proftpd.socket' PROCESSES='proftpd' ;;
    pure-ftpd) UNITS='pure-ftpd.service pure-ftpd-mysql.service pure-ftpd-ldap.service' PROCESSES='pure-ftpd' ;;
    ftpd) UNITS='ftpd.socket inetutils-ftpd.service' PROCESSES='ftpd in.ftpd wu-ftpd' ;;
    postfix) UNITS='postfix.service postfix@.service' ;;
    sendmail) UNITS='sendmail.service' ;;
    exim) UNITS='exim4.service exim.service exim4-base.service' PROCESSES='exim4 exim' ;;
    bind) UNITS='named.service named-chroot.service bind9.service' ENTRIES='' PROCESSES='named' ;;
    other-dns)
      UNITS='unbound.service nsd.service knot.service knotd.service pdns.service pdns-recursor.service dnsmasq.service'
      PROCESSES='unbound nsd knotd pdns_server pdns_recursor'
      ;;
    nfs)
      UNITS='nfs-server.service nfs-kernel-server.service nfs.service nfs-mountd.service nfs-ganesha.service'
      PROCESSES='nfsd rpc.mountd ganesha.nfsd'
      ;;
    samba) UNITS='smb.service smbd.service samba.service samba-ad-dc.service' PROCESSES='smbd samba' ;;
    snmp) UNITS='snmpd.service' PROCESSES='snmpd' ;;
    apache) UNITS='httpd.service apache2.service' PROCESSES='httpd apache2' ;;
    nginx) UNITS='nginx.service' PROCESSES='nginx' ;;
    chrony) UNITS='chronyd.service chrony.service' PROCESSES='chronyd' ;;
    ntp) UNITS='ntpd.service ntp.service ntpsec.service' PROCESSES='ntpd' ;;
    timesyncd) UNITS='systemd-timesyncd.service' PROCESSES='systemd-timesyn' ;;
    rsyslog) UNITS='rsyslog.service' PROCESSES='rsyslogd' ;;
    syslog-ng) UNITS='syslog-ng.service syslog-ng@.service' PROCESSES='syslog-ng' ;;
  esac
}

product_files() { # <product>: where its configuration is read by default
  case $1 in
    vsftpd) printf '%s\n' /etc/vsftpd.conf /etc/vsftpd/vsftpd.conf ;;
    proftpd) printf '%s\n' /etc/proftpd.conf /etc/proftpd/proftpd.conf ;;
    pure-ftpd) printf '%s\n' /etc/pure-ftpd.conf /etc/pure-ftpd/pure-ftpd.conf ;;
    postfix) printf '%s\n' /etc/postfix/main.cf /etc/postfix/master.cf ;;
    sendmail) printf '%s\n' /etc/mail/sendmail.cf /etc/sendmail.cf ;;
    exim) printf '%s\n' /etc/exim4/update-exim4.conf.conf /etc/exim/exim.conf /etc/exim4/exim4.conf ;;
    bind) printf '%s\n' /etc/named.conf /etc/bind/named.conf ;;
    nfs) printf '%s\n' /etc/exports ;;
    samba) printf '%s\n' /etc/samba/smb.conf ;;
    snmp) printf '%s\n' /etc/snmp/snmpd.conf ;;
    apache) printf '%s\n' /etc/httpd/conf/httpd.conf /etc/apache2/apache2.conf ;;
    nginx) printf '%s\n' /etc/nginx/nginx.conf ;;
    inetd | xinetd) printf '%s\n' "/etc/$1.conf" ;;
  esac
}

counts_as_used() { # <product>: notes that its configuration matters to this check
  printf '%s\n' "$1" >>"$OUT/in_use"
}

unreadable_configuration() { # standard input: products; the first of their files that is there and cannot be read as one
  local product path
  while IFS= read -r product; do
    product_files "$product"
  done | while IFS= read -r path; do
    if { has_path "$path" || is_link "$path"; } && ! { has_file "$path" && [ -r "$(in_root "$path")" ]; }; then
      printf '%s\n' "$path"
      break
    fi
  done
}

is_link() { # <path>: its last part is a symbolic link
  local directory
  directory=$(in_root "${1%/*}") && [ -L "$directory/${1##*/}" ]
}

product_findings() { # <product>: every way in which it is on
  product_facts "$1"
  service_findings "$UNITS" "$ENTRIES" "$PROCESSES"
  case $1 in
    postfix) has_file /usr/sbin/postsuper && mail_processes master ;;
    sendmail) mail_processes sendmail ;;
  esac
  return 0
}

mail_processes() { # <name>: running mail daemons; the name alone may be a program of somebody else
  [ -z "$ROOT" ] || return 0
  case $1 in
    master) [ -e /var/spool/postfix/pid/master.pid ] && running_processes master ;;
    *) running_processes "$1" ;;
  esac
}

products_in_use() { # <product>...: those that are on, one a line; how is evidence
  local product found
  for product in "$@"; do
    found=$(product_findings "$product")
    [ -n "$found" ] || continue
    evidence "$found"
    counts_as_used "$product"
    printf '%s\n' "$product"
  done
}

ftp_products_in_use() { # FTP servers that are on; what inetd or xinetd offers as ftp belongs to the program installed
  local entries super program product=''
  products_in_use vsftpd proftpd pure-ftpd ftpd
  for super in inetd xinetd; do
    entries=$("${super}_entries" 'ftp ftps')
    if [ -z "$entries" ] || ! super_server_is_on "$super"; then
      continue
    fi
    evidence "$entries"
    product=ftpd
    for program in vsftpd proftpd pure-ftpd; do
      ! has_file "/usr/sbin/$program" || product=$program
    done
  done
  if [ -n "$product" ]; then
    counts_as_used "$product"
    printf '%s\n' "$product"
  fi
}

mail_products_in_use() {
  products_in_use postfix sendmail exim
}

not_in_use() { # <product>: succeeds, with the verdict not_applicable, when no such server is on
  [ -z "$(products_in_use "$1")" ] || return 1
  not_applicable "$2"
}

judge_servers() { # <ftp|mail> <function>: calls it with every product in use; it prints "<verdict> <why>" lines
  local product
  "${1}_products_in_use" >"$OUT/unsorted"
  : >"$OUT/products"
  # On most hosts there is none, and nothing to sort.
  [ ! -s "$OUT/unsorted" ] || sort -u "$OUT/unsorted" >"$OUT/products"
  while IFS= read -r product; do
    "$2" "$product"
  done <"$OUT/products" >"$OUT/judged"
}

conclude_servers() { # <what kind> <why it passes>: the worst of what judge_servers found; not_applicable without a server
  if [ ! -s "$OUT/products" ]; then
    not_applicable "no $1 server is enabled here"
    return 0
  fi
  evidence_lines <"$OUT/judged"
  if grep -q '^fail' "$OUT/judged"; then
    fail "$(awk '$1 == "fail" { sub(/^fail /, ""); print }' "$OUT/judged" | summary_of_lines)"
  elif grep -q '^manual' "$OUT/judged"; then
    manual "$(awk '$1 == "manual" { sub(/^manual /, ""); print }' "$OUT/judged" | summary_of_lines)"
  elif [ -s "$OUT/judged" ]; then
    pass "$2"
  else
    manual "the configuration of $(tr '\n' ' ' <"$OUT/products")was not found where it is read by default"
  fi
}
