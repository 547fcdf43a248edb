# shellcheck shell=dash
# The processes of a web server that answer requests do not run as root.
check_web_workers_not_root() {
  judge_web web_account
  conclude_servers web "no web server answers requests as root"
}

web_account() { # <product>: "<verdict> <why>"
  local account
  if [ "$1" = apache ]; then
    account=$(apache_value user <"$OUT/directives")
    case $account in
      "\${APACHE_RUN_USER}") account=$(effective_lines /etc/apache2/envvars 2>/dev/null | awk '
        { sub(/^export[ \t]+/, "") } index($0, "APACHE_RUN_USER=") == 1 { value = substr($0, 17) } END { gsub(/["\047]/, "", value); print value }') ;;
    esac
  else
    account=$(awk -F'\t' '$1 == "" && $2 == "user" { value = $3 } END { sub(/ .*$/, "", value); print value }' "$OUT/directives")
  fi
  if is_listed "$account" "$(passwd_records | awk -F: '$3 == 0 { printf "%s ", $1 } END { print "#0" }')"; then
    printf 'fail %s answers requests as %s, who is root\n' "$1" "$account"
  else
    printf 'pass %s answers requests as %s\n' "$1" "${account:-the account it is built with}"
  fi
}
