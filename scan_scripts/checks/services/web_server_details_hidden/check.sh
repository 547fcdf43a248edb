# shellcheck shell=dash
# A web server tells neither its version nor its modules.
check_web_server_details_hidden() {
  judge_web server_details
  conclude_servers web "no web server tells its version"
}

server_details() { # <product>: "<verdict> <why>"
  awk -F'\t' -v product="$1" '
    $2 == "servertokens" { tokens = tolower($3) }
    $2 == "serversignature" && tolower($3) != "off" { signature = $3 " in " $4 }
    $2 == "server_tokens" { nginx = tolower($3); if (nginx != "off") shown = $4 }
    END {
      if (product == "nginx") print (nginx == "off" && shown == "" ? "pass" : "fail") " nginx: server_tokens is " (nginx == "" ? "not set, which is on" : nginx)
      else if (tokens !~ /^prod/) print "fail apache: ServerTokens is " (tokens == "" ? "not set, which is Full" : tokens)
      else if (signature != "") print "fail apache: ServerSignature is " signature
      else print "pass apache: ServerTokens is Prod and ServerSignature off"
    }' "$OUT/directives"
}
