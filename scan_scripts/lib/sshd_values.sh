# shellcheck shell=dash
# Which value of sshd's configuration holds for a connection: of Match blocks that apply the first one,
# else the first one outside of them.

sshd_values() { # <keyword> <user=U,host=H,addr=A,laddr=L,lport=P, any of them left out>: "<certain|possible> <value> <match>", tabs between
  know_sshd_directives
  awk -F'\t' -v keyword="$1" -v connection="$2" -v groups="$(groups_of "$2")" \
    "$SSHD_CRITERIA"'
    BEGIN {
      keyword = tolower(keyword)
      n = split(connection, field, ",")
      for (i = 1; i <= n; i++) { at = index(field[i], "="); known[substr(field[i], 1, at - 1)] = substr(field[i], at + 1) }
    }
    $1 != keyword { next }
    $2 == "-" { if (!found) { found = 1; value = $4 } next }
    certain { next }
    {
      truth = applies($2)
      if (truth == NO) next
      print (truth == YES ? "certain" : "possible") "\t" $4 "\t" $2
      certain = truth == YES
    }
    END { if (!certain && found) print "certain\t" value "\t-" }' "$WORK/sshd_directives"
}

groups_of() { # <connection>: groups of its user, commas between
  local user=${1#user=} passwd
  [ "$user" != "$1" ] || return 0
  user=${user%%,*}
  know_accounts passwd 2>/dev/null
  passwd=$ACCOUNTS
  know_accounts group 2>/dev/null
  awk -F: -v user="$user" -v groups="$ACCOUNTS" '
    $1 == user { gid = $4 }
    END {
      while ((getline < groups) > 0)
        if (($3 == gid && gid != "") || index("," $4 ",", "," user ",")) { printf "%s%s", separator, $1; separator = "," }
    }' "$passwd"
}

# An awk program part: applies(match) is YES, NO, or MAYBE where the connection does not say.
# shellcheck disable=SC2016  # dollars are awk's
SSHD_CRITERIA='
    BEGIN { NO = 0; MAYBE = 1; YES = 2 }
    function like(text, pattern) { # * and ? as sshd reads them
      gsub(/[][\\.^$+(){}|]/, "\\\\&", pattern)
      gsub(/\?/, ".", pattern)
      gsub(/\*/, ".*", pattern)
      return text ~ ("^" pattern "$")
    }
    function listed(text, patterns, part, n, i, found) { # -1 when a "!" pattern fits
      n = split(patterns, part, ",")
      for (i = 1; i <= n; i++) {
        if (part[i] ~ /^!/) { if (like(text, substr(part[i], 2))) return -1 }
        else if (like(text, part[i])) found = 1
      }
      return found + 0
    }
    function any_group(patterns, part, n, i, result, found) {
      n = split(groups, part, ",")
      for (i = 1; i <= n; i++) {
        result = listed(part[i], patterns)
        if (result < 0) return 0
        found += result
      }
      return found > 0
    }
    function number_of(address, part) {
      if (address !~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/) return -1
      split(address, part, ".")
      return ((part[1] * 256 + part[2]) * 256 + part[3]) * 256 + part[4]
    }
    function in_network(address, pattern, at, bits, size) { # IPv4; of IPv6 only a whole address or a pattern fits
      at = index(pattern, "/")
      bits = at ? substr(pattern, at + 1) + 0 : 32
      if (at) pattern = substr(pattern, 1, at - 1)
      if (number_of(pattern) < 0) return !at && like(address, pattern)
      if (number_of(address) < 0) return 0
      for (size = 1; bits < 32; bits++) size *= 2
      return int(number_of(address) / size) == int(number_of(pattern) / size)
    }
    function near(address, patterns, part, n, i, found) {
      n = split(patterns, part, ",")
      for (i = 1; i <= n; i++) {
        if (part[i] ~ /^!/) { if (in_network(address, substr(part[i], 2))) return 0 }
        else if (in_network(address, part[i])) found = 1
      }
      return found + 0
    }
    function fits(name, wanted, key) {
      key = name == "address" ? "addr" : name == "localaddress" ? "laddr" : name == "localport" ? "lport" : name
      if (name == "group") return ("user" in known) ? (any_group(wanted) ? YES : NO) : MAYBE
      if (!(key in known)) return MAYBE
      if (name == "user") return listed(known[key], wanted) == 1 ? YES : NO
      if (name == "host") return listed(tolower(known[key]), tolower(wanted)) == 1 ? YES : NO
      if (name == "localport") return known[key] == wanted ? YES : NO
      return near(known[key], wanted) ? YES : NO
    }
    function applies(match_, word, n, i, truth, result) {
      truth = YES
      n = split(match_, word, " ")
      for (i = 1; i <= n; i++) {
        if (word[i] == "&&" || tolower(word[i]) == "all") continue
        result = fits(tolower(word[i]), word[i + 1])
        if (result < truth) truth = result
        i++
      }
      return truth
    }
'

sshd_setting() { # <keyword>: the value for everybody; empty when unset
  sshd_values "$1" '' | awk -F'\t' '$1 == "certain" { print $2 }'
}
