# shellcheck shell=dash
# What a host says before or at login, and whether it warns: warning, text (of somebody's own, which a
# person must read), missing (nothing, or only what the product or the distribution says by itself).

text_state() { # standard input: a text
  awk '
    { line = tolower($0) }
    line ~ /built in\)$/ { next }
    line ~ /gnu\/linux|kernel \\|\\[a-z]|ubuntu|rocky linux|amazon linux|red hat|centos|free software|warranty|permitted by|applicable law|distribution terms|copyright/ { next }
    line ~ /unauthori[sz]ed|authori[sz]ed (user|use|access|person)|warning|monitored|prosecut/ { warning = 1 }
    /무단|경고|비인가|인가된|허가|승인|처벌/ { warning = 1 }
    # A drawing of strokes alone has no words.
    {
      n = split(line, word, /[ \t]+/)
      words = 0
      for (i = 1; i <= n; i++) if (word[i] !~ /^[_|()\/\\#~,.\047"`<>=*:;^-]*$/) words++
      if (words >= 3) text = 1
    }
    END { print warning ? "warning" : text ? "text" : "missing" }'
}

files_state() { # <path>...
  local path
  for path in "$@"; do
    ! has_file "$path" || file_text "$path"
  done | text_state
}

greeting_state() { # standard input: what a mail server says first; names of host, protocol and product warn nobody
  awk '{
    gsub(/\([^)]*\)/, " "); gsub(/[$][{(]?[A-Za-z_]+[})]?/, " "); gsub(/-[a-z0-9_]+-/, " ")
    gsub(/[^ \t]*[a-z0-9]\.[a-z][^ \t]*/, " "); gsub(/(^|[ \t])(E?SMTP|Postfix|Sendmail|Exim)([^A-Za-z]|$)/, " ")
    gsub(/[\/;0-9.]+/, " "); gsub(/[ \t]+/, " "); sub(/^ /, ""); sub(/ $/, "")
    print
  }' | text_state
}

service_banner_states() { # "<state><tab><service>" of each FTP, mail, DNS and Telnet server in use
  local product
  if [ -n "$(service_findings 'telnet.socket telnetd.service inetutils-telnetd.service' telnet 'telnetd in.telnetd')" ]; then
    printf '%s\tTelnet\n' "$(files_state /etc/issue.net)"
  fi
  {
    ftp_products_in_use
    mail_products_in_use
    products_in_use bind other-dns
  } | sort -u | while IFS= read -r product; do
    product_banner_states "$product"
  done
}

product_banner_states() { # <product>
  local path
  case $1 in
    vsftpd)
      vsftpd_files | while IFS= read -r path; do
        printf '%s\tvsftpd (%s)\n' "$(vsftpd_banner "$path" | text_state)" "$path"
      done
      ;;
    proftpd) printf '%s\tProFTPD\n' "$(proftpd_greeting | text_state)" ;;
    postfix) postfix_banner_state ;;
    sendmail) printf '%s\tSendmail\n' "$(sendmail_greeting | greeting_state)" ;;
    bind) printf '%s\tBIND\n' "$(bind_version_state)" ;;
    *) printf 'text\t%s, whose banner a person must see,\n' "$1" ;;
  esac
}

proftpd_greeting() { # ServerIdent's text, and the files that are shown on connecting and at login
  local path
  proftpd_banner
  proftpd_directives | awk -F'\t' '$2 ~ /^display(connect|login)$/ { gsub(/"/, "", $3); print $3 }' | while IFS= read -r path; do
    ! has_file "$path" || file_text "$path"
  done
}

postfix_banner_state() {
  if ! has_file /etc/postfix/main.cf; then
    printf 'text\tPostfix, whose main.cf was not found,\n'
  elif postfix_listens_locally; then
    evidence "Postfix answers this host only, so its banner warns nobody"
  else
    # shellcheck disable=SC2016  # a name of Postfix, not of the shell
    printf '%s\tPostfix\n' "$(postfix_setting smtpd_banner '$myhostname ESMTP $mail_name' | greeting_state)"
  fi
}

sendmail_greeting() {
  local path
  path=$(sendmail_file) || return 0
  file_awk "$path" '
    /^O[ \t]*SmtpGreetingMessage[ \t]*=/ { sub(/^[^=]*=/, ""); text = $0 }
    END { print text }'
}

bind_version_state() { # what it answers when asked for its version; by itself the version
  if ! bind_file >/dev/null; then
    printf 'text\n'
    return 0
  fi
  bind_tokens | awk '
    $0 == "version" { getline value; found = 1 }
    END { if (found) print value == "none" ? "it answers nothing at all" : value; }' | text_state
}
