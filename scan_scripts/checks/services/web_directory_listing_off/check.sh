# shellcheck shell=dash
# No web server lists the files of a directory.
check_web_directory_listing_off() {
  judge_web directory_listing
  conclude_servers web "no web server lists directories"
}

directory_listing() { # <product>: "<verdict> <why>"
  awk -F'\t' -v product="$1" '
    product == "apache" && $2 == "options" {
      n = split(tolower($3), word, /[ \t]+/)
      all = 0; listing = 0
      for (i = 1; i <= n; i++) {
        if (word[i] ~ /^\+?all$/) all = 1
        if (word[i] ~ /^\+?indexes$/) listing = 1
        if (word[i] == "-indexes") all = 0
      }
      if (listing || all) found = found == "" ? "Options " $3 " in " $4 : found
    }
    product == "nginx" && $2 == "autoindex" && $3 == "on" { found = found == "" ? "autoindex on in " $4 : found }
    END {
      if (found != "") print "fail " product ": " found
      else print "pass " product ": nothing switches listings on"
    }' "$OUT/directives"
}
