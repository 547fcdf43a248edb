# shellcheck shell=dash
# Requests cannot climb out of the web root. The guide's remedy is Apache's; a person weighs it.
check_web_parent_directory_limited() {
  judge_web parent_directory
  conclude_servers web "every directory asks for authentication where the guide wants it, and no alias lets requests climb"
}

parent_directory() { # <product>: "<verdict> <why>"
  awk -F'\t' -v product="$1" '
    product == "apache" && $2 == "allowoverride" {
      seen++
      if (tolower($3) !~ /authconfig/) other = "AllowOverride " $3 " in " $4
    }
    # "location /x" with "alias /y/": a request for /x../ leaves /y.
    product == "nginx" && $2 == "alias" && $3 ~ /\/$/ {
      place = $1; sub(/^.* > /, "", place)
      if (place ~ /^location [^~^=]/ && place !~ /\/$/) trap = place " has alias " $3 " in " $4
    }
    END {
      if (trap != "") print "fail " product ": " trap
      else if (product == "nginx") print "pass " product ": no alias lets requests climb"
      else if (other != "" || !seen) print "manual " product ": the guide asks AllowOverride AuthConfig, other guides None; a person decides (" (other == "" ? "not set" : other) ")"
      else print "pass " product ": AllowOverride AuthConfig everywhere"
    }' "$OUT/directives"
}
