# shellcheck shell=dash
# A web server takes requests up to a limit.
check_web_request_size_limited() {
  REQUEST_LIMIT=$(parameter web_request_limit_bytes) || return 1
  judge_web request_size
  conclude_servers web "requests are limited to $REQUEST_LIMIT bytes or fewer"
}

request_size() { # <product>: "<verdict> <why>"
  awk -F'\t' -v product="$1" -v most="$REQUEST_LIMIT" '
    function bytes(text, unit) {
      unit = tolower(substr(text, length(text)))
      return (text + 0) * (unit == "k" ? 1024 : unit == "m" ? 1048576 : unit == "g" ? 1073741824 : 1)
    }
    product == "apache" && $2 == "limitrequestbody" || product == "nginx" && $2 == "client_max_body_size" {
      seen++
      size = bytes($3)
      if (size == 0) unlimited = $2 " " $3 " in " $4
      else if (size > most + 0) wide = $2 " " $3 " in " $4
    }
    END {
      if (unlimited != "") print "fail " product ": no limit, " unlimited
      else if (wide != "") print "manual " product ": a person must say whether so much is needed: " wide
      else if (!seen && product == "apache") print "fail apache: LimitRequestBody is not set"
      else print "pass " product ": " (seen ? "every limit is small enough" : "1 MiB, which is built in")
    }' "$OUT/directives"
}
