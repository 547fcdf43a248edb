# shellcheck shell=dash
# A web server follows no symbolic links out of its root.
check_web_links_limited() {
  judge_web links
  conclude_servers web "no web server follows symbolic links of other owners"
}

links() { # <product>: "<verdict> <why>"
  local found
  case $1 in
    apache)
      # FollowSymLinks "is the default setting": https://httpd.apache.org/docs/2.4/mod/core.html#options
      found=$(apache_places_with followsymlinks "FollowSymLinks is on by default" <"$OUT/directives")
      ;;
    *) found=$(nginx_follows <"$OUT/directives") ;;
  esac
  if [ -n "$found" ]; then
    printf 'fail %s follows links in %s\n' "$1" "$(printf '%s\n' "$found" | summary_of_lines)"
  else
    printf 'pass %s follows no links, or those of the same owner only\n' "$1"
  fi
  awk -F'\t' '$1 !~ / > location/ && $2 ~ /^(alias|scriptalias|aliasmatch)$/ { print $4 ": " $2 " " $3 }' "$OUT/directives" | evidence_lines
}

nginx_follows() { # standard input: nginx_directives; "<place> (<why>)" where links are followed
  awk -F'\t' '
    $2 == "disable_symlinks" { set++ }
    $2 == "disable_symlinks" && $3 !~ /^(on|if_not_owner)/ { print "a part of the site (disable_symlinks " $3 " in " $4 ")" }
    END { if (!set) print "every directory (disable_symlinks is not set)" }'
}
