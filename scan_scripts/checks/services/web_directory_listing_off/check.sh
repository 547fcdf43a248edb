# shellcheck shell=dash
# No web server lists the files of a directory.
check_web_directory_listing_off() {
  judge_web directory_listing
  conclude_servers web "no web server lists directories"
}

directory_listing() { # <product>: "<verdict> <why>"
  local found
  case $1 in
    apache) found=$(apache_places_with indexes <"$OUT/directives") ;;
    *) found=$(awk -F'\t' '$2 == "autoindex" && $3 == "on" { print "autoindex on in " $4 }' "$OUT/directives") ;;
  esac
  if [ -n "$found" ]; then
    printf 'fail %s lists %s\n' "$1" "$(printf '%s\n' "$found" | summary_of_lines)"
  else
    printf 'pass %s: nothing switches listings on\n' "$1"
  fi
}
