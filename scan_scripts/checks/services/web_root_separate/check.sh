# shellcheck shell=dash
# What a web server serves stands apart from where the system puts it by default.
check_web_root_separate() {
  DEFAULT_ROOTS=$(parameter default_web_roots) || return 1
  judge_web web_root
  conclude_servers web "every web root is a directory of its own"
}

web_root() { # <product>: "<verdict> <why>"
  awk -F'\t' -v product="$1" -v defaults="$DEFAULT_ROOTS" '
    BEGIN { n = split(defaults, word, " "); for (i = 1; i <= n; i++) listed[word[i]] = 1 }
    product == "apache" && $2 == "documentroot" || product == "nginx" && $2 == "root" {
      seen++
      root = $3
      gsub(/"/, "", root); if (root != "/") sub(/\/+$/, "", root)
      if (root in listed) found = root " in " $4
    }
    END {
      if (found != "") print "fail " product ": " found
      else if (!seen) print "fail " product ": no root is set, so the built-in one is served"
      else print "pass " product ": " seen " root(s), none of them a default"
    }' "$OUT/directives"
}
