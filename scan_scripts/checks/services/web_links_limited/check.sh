# shellcheck shell=dash
# A web server follows no symbolic links out of its root.
check_web_links_limited() {
  judge_web links
  conclude_servers web "no web server follows symbolic links of other owners"
}

links() { # <product>: "<verdict> <why>"
  awk -F'\t' -v product="$1" '
    product == "apache" && $2 == "options" {
      seen++
      text = " " tolower($3) " "
      if (text ~ / \+?(followsymlinks|all) /) found = "Options " $3 " in " $4
    }
    product == "nginx" && $2 == "disable_symlinks" { value = $3 }
    END {
      if (product == "nginx") print (value ~ /^(on|if_not_owner)/ ? "pass" : "fail") " nginx: disable_symlinks is " (value == "" ? "not set, so links are followed" : value)
      else if (found != "") print "fail apache: " found
      else if (!seen) print "fail apache: Options is not set, so links are followed"
      else print "pass apache: no Options has FollowSymLinks"
    }' "$OUT/directives"
  awk -F'\t' '$1 !~ / > location/ && $2 ~ /^(alias|scriptalias|aliasmatch)$/ { print $4 ": " $2 " " $3 }' "$OUT/directives" | evidence_lines
}
