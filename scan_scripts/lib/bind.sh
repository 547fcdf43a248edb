# shellcheck shell=dash
# BIND's configuration: comments and quotes read as named reads them, includes followed, and for each
# zone the statement in force (its own, else its view's, else that of options).

bind_file() { # the configuration that named reads; fails when there is none
  local path
  for path in /etc/named.conf /etc/bind/named.conf /var/named/chroot/etc/named.conf; do
    if has_file "$path"; then
      printf '%s\n' "$path"
      return 0
    fi
  done
  return 1
}

bind_tokens() { # [<path> <depth>]: one token a line, without quotes; a token of an include stands alone
  local path=${1-} depth=${2:-0} token wanted=''
  [ -n "$path" ] || path=$(bind_file) || return 1
  [ "$depth" -le 8 ] || return 1
  has_file "$path" || return 0
  file_text "$path" | bind_words | while IFS= read -r token; do
    if [ "$wanted" = yes ]; then
      wanted=''
      case $token in
        /*) ;;
        *) token=${path%/*}/$token ;;
      esac
      bind_tokens "$token" "$((depth + 1))"
    elif [ "$token" = include ]; then
      wanted=yes
    else
      printf '%s\n' "$token"
    fi
  done
}

bind_words() { # standard input: a file of named; one token a line
  awk '
    {
      text = $0
      while (text != "") {
        if (comment) {
          at = index(text, "*/")
          if (!at) break
          text = substr(text, at + 2); comment = 0
          continue
        }
        c = substr(text, 1, 1)
        if (c ~ /[ \t\r]/) { text = substr(text, 2); continue }
        if (c == "#" || substr(text, 1, 2) == "//") break
        if (substr(text, 1, 2) == "/*") { comment = 1; text = substr(text, 3); continue }
        if (c == "\"") {
          rest = substr(text, 2)
          at = index(rest, "\"")
          if (!at) at = length(rest) + 1
          print substr(rest, 1, at - 1)
          text = substr(rest, at + 1)
          continue
        }
        if (c ~ /[{};]/) { print c; text = substr(text, 2); continue }
        match(text, /^[^ \t\r{};"#]+/)
        print substr(text, 1, RLENGTH)
        text = substr(text, RLENGTH + 1)
      }
    }'
}

bind_zone_settings() { # <statement>: standard input: bind_tokens; "<zone> <type> <place: zone, view, options or none> <value>", tabs between, of zones served from here
  awk -v statement="$1" '
    { token[++n] = $0 }
    # Both return the place after what they read.
    function read_block(at, scope) {
      while (at <= n && token[at] != "}")
        at = token[at] == ";" ? at + 1 : read_statement(at, scope)
      return at + 1
    }
    function read_statement(at, scope, word, name, value, depth, inner) {
      word = token[at]
      name = token[at + 1]
      if (word == "zone" || word == "view" || word == "options") {
        while (at <= n && token[at] != "{" && token[at] != ";") at++
        if (token[at] == "{") {
          inner = word == "options" ? "options" : word == "view" ? "view " name : scope " zone " name
          if (word == "zone") { order[++zones] = inner; zone_name[inner] = name; zone_view[inner] = scope }
          return read_block(at + 1, inner)
        }
        return at + 1
      }
      value = ""
      depth = 0
      for (at++; at <= n; at++) {
        if (token[at] == ";" && !depth) break
        if (token[at] == "}" && !depth) return at
        if (token[at] == "{") depth++
        if (token[at] == "}") depth--
        value = value (value == "" ? "" : " ") token[at]
      }
      if (word == statement) { set[scope] = 1; setting[scope] = value }
      if (word == "type") kind[scope] = value
      return at + 1
    }
    END {
      for (at = 1; at <= n; ) {
        if (token[at] == ";" || token[at] == "}") { at++; continue }
        at = read_statement(at, "top")
      }
      for (z = 1; z <= zones; z++) {
        zone = order[z]
        type = kind[zone]
        if (type !~ /^(master|primary|slave|secondary|mirror)$/) continue
        view = zone_view[zone]
        if (zone in set) { place = "zone"; value = setting[zone] }
        else if (view in set) { place = "view"; value = setting[view] }
        else if ("options" in set) { place = "options"; value = setting["options"] }
        else { place = "none"; value = "" }
        print zone_name[zone] "\t" type "\t" place "\t" value
      }
    }'
}

bind_open_lists() { # standard input: bind_tokens; names of acl statements that let anybody in, blanks between
  awk '
    { token[++n] = $0 }
    END {
      for (at = 1; at < n; at++) {
        if (token[at] != "acl") continue
        name = token[at + 1]
        for (at += 2; at <= n && token[at] != "}"; at++)
          if (token[at] ~ /^(any|0\.0\.0\.0\/0|0\/0|::\/0)$/) printf "%s ", name
      }
      print ""
    }'
}

bind_version() { # its version, from the package database, or from named itself on the running host; empty when unknown
  local version
  version=$(dpkg_version bind9)
  if [ -z "$version" ] && [ -z "$ROOT" ] && command -v named >/dev/null 2>&1; then
    version=$(named -v 2>/dev/null | awk 'NR == 1 { print $2 }')
  fi
  printf '%s\n' "$version" | awk '{ sub(/^[0-9]+:/, ""); print }'
}

bind_is_to_be_judged() { # <what a person must read of other servers>: gives the verdict, and fails, when BIND's files cannot decide
  local products
  products=$(products_in_use bind other-dns)
  case $products in
    '') not_applicable "no DNS server is enabled here" ;;
    *bind*)
      bind_file >/dev/null && return 0
      manual "BIND's configuration was not found where it is read by default"
      ;;
    *) manual "the DNS server is not BIND; a person must read $1" ;;
  esac
  return 1
}
