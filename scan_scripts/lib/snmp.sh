# shellcheck shell=dash
# The SNMP agent's access lines, from every file that net-snmp reads. Community strings never leave
# these functions: what they print says how long a string is and of what, not what it is.

snmp_files() { # in the order the agent reads them
  local path
  for path in /etc/snmp/snmpd.conf /etc/snmp/snmpd.local.conf /usr/share/snmp/snmpd.conf /usr/local/etc/snmp/snmpd.conf \
    /var/lib/snmp/snmpd.conf /var/lib/net-snmp/snmpd.conf; do
    has_file "$path" || continue
    printf '%s\n' "$path"
    effective_lines "$path" | awk 'tolower($1) == "includedir" { print "*.conf " $2 } tolower($1) == "includefile" { print "- " $2 }' |
      while read -r pattern path; do
        case $pattern.$path in
          -./*) printf '%s\n' "$path" ;;
          -.*) printf '%s\n' "/etc/snmp/$path" ;;
          *) matching_paths "$path" "$pattern" ;;
        esac
      done
  done
}

snmp_lines() { # "<file:line> <keyword in lower case> <the rest>", tabs between
  snmp_files | while IFS= read -r path; do
    has_file "$path" || continue
    effective_lines_numbered "$path" | awk -F'\t' -v path="$path" '
      {
        text = substr($0, length($1) + 2)
        keyword = text
        sub(/[ \t].*$/, "", keyword)
        sub(/^[^ \t]+[ \t]*/, "", text)
        print path ":" $1 "\t" tolower(keyword) "\t" text
      }'
  done
}

snmp_communities() { # <forbidden strings>: "<place> <keyword> <source, default when none> <length> <classes> <forbidden or ->", tabs between
  # com2sec only maps a string to a name; whether that name may do anything is in group and access lines.
  snmp_lines | awk -F'\t' -v forbidden="$1" '
    function classes(text, out) {
      out = (text ~ /[A-Za-z]/ ? "letters " : "") (text ~ /[0-9]/ ? "digits " : "") (text ~ /[^A-Za-z0-9]/ ? "special " : "")
      sub(/ $/, "", out)
      return out == "" ? "nothing" : out
    }
    function strip(text) { gsub(/["\047]/, "", text); return text }
    BEGIN { n = split(forbidden, word, " "); for (i = 1; i <= n; i++) bad[word[i]] = 1 }
    {
      n = split($3, field, /[ \t]+/)
      string = ""; source = ""
      if ($2 ~ /^r[ow]community6?$/) { string = strip(field[1]); source = n > 1 ? field[2] : "default" }
      else if ($2 ~ /^com2sec6?$/) {
        at = 1
        if (field[1] == "-Cn") at = 3
        source = field[at + 1]; string = strip(field[at + 2])
      }
      else next
      print $1 "\t" $2 "\t" source "\t" length(string) "\t" classes(string) "\t" ((tolower(string) in bad) ? "forbidden" : "-")
    }'
}

snmp_version_3_users() { # "<place>: <keyword>" of users of version 3
  snmp_lines | awk -F'\t' '$2 ~ /^(rouser|rwuser|createuser|usmuser)$/ { print $1 ": " $2 }'
}

snmp_listens_locally() { # every address the agent listens on is this host's own
  snmp_lines | awk -F'\t' '
    $2 == "agentaddress" {
      n = split(tolower($3), address, /[ \t]*,[ \t]*/)
      for (i = 1; i <= n; i++) {
        if (address[i] == "") continue
        text = address[i]
        sub(/^(udp6?|tcp6?|dtlsudp6?|tlstcp6?):/, "", text)
        if (text ~ /^(127\.[0-9.]+|localhost|\[?::1\]?)(:[0-9]+)?$/ || address[i] ~ /^(unix|agentx):/) near++
        else far++
      }
    }
    END { exit !(near && !far) }'
}

effective_lines_numbered() { # <path>: "<line number><tab><line without comment>"
  file_awk "$1" '
    { sub(/\r$/, ""); sub(/^[ \t]+/, "") }
    /^#/ { next }
    { sub(/[ \t]#.*$/, ""); sub(/[ \t]+$/, "") }
    $0 != "" { print NR "\t" $0 }'
}
