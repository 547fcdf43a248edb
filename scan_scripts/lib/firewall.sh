# shellcheck shell=dash
# Whether this host itself limits who may connect: rules in the kernel (running host), or a firewall
# that starts with it and says so in its files; TCP wrappers, as far as a server asks them.

wrapper_refuses() { # <daemon>: /etc/hosts.deny refuses everybody else that daemon; "ALL:ALL" with or without blanks
  has_file /etc/hosts.deny || return 1
  effective_lines /etc/hosts.deny | awk -v daemon="$1" '
    {
      gsub(/[ \t]*:[ \t]*/, ":")
      n = split($0, part, ":")
      if (n < 2) next
      daemons = " " toupper(part[1]) " "; clients = " " toupper(part[2]) " "
      gsub(/[,\t]/, " ", daemons); gsub(/[,\t]/, " ", clients)
      if (daemons clients ~ / EXCEPT /) next
      if ((index(daemons, " ALL ") || index(daemons, " " toupper(daemon) " ")) && index(clients, " ALL ")) found = 1
    }
    END { exit !found }'
}

sshd_asks_wrappers() { # the server is linked with libwrap; current Red Hat family releases are not
  local path
  for path in /usr/sbin/sshd /usr/lib/openssh/sshd-session /usr/libexec/openssh/sshd-session; do
    has_file "$path" || continue
    ! grep -q 'libwrap\.so' "$(in_root "$path")" 2>/dev/null || return 0
  done
  return 1
}

rules_refuse_input() { # standard input: nft list ruleset, or iptables-save; what is not let in is dropped or rejected
  awk '
    # nftables: the policy of a chain on the input hook, or a last rule that matches everything.
    /hook input/ { input = 1; if (/policy drop/) found = 1; depth = 1; next }
    /^[ \t]*chain / { input = 0 }
    input && /^[ \t]*policy drop/ { found = 1 }
    input && /^[ \t]*(counter( packets [0-9]+ bytes [0-9]+)? )?(drop|reject)([ \t;].*)?$/ { found = 1 }
    input && /^[ \t]*}/ { input = 0 }
    # iptables: the policy, or a rule without a match.
    /^\*/ { table = $1 }
    (table == "" || table == "*filter") && /^:INPUT DROP/ { found = 1 }
    (table == "" || table == "*filter") && /^-P INPUT DROP/ { found = 1 }
    (table == "" || table == "*filter") && /^-A INPUT -j (DROP|REJECT)( |$)/ { found = 1 }
    END { exit !found }'
}

kernel_refuses_input() { # on the running host, without loading a module: 0 yes, 1 no, 2 cannot be told
  [ -z "$ROOT" ] || return 2
  if [ -d /sys/module/nf_tables ] && command -v nft >/dev/null 2>&1; then
    ! nft list ruleset 2>/dev/null | rules_refuse_input || return 0
  elif [ -d /sys/module/nf_tables ]; then
    return 2
  fi
  if grep -q '^filter$' /proc/net/ip_tables_names 2>/dev/null; then
    command -v iptables-legacy-save >/dev/null 2>&1 || command -v iptables-save >/dev/null 2>&1 || return 2
    { iptables-legacy-save -t filter 2>/dev/null || iptables-save -t filter 2>/dev/null; } | rules_refuse_input
    return "$?"
  fi
  return 1
}

firewalls_set_up() { # "<limited|open|unknown> <which firewall, and why>" of those that start with the host
  local path zone
  [ -z "$(enabled_units firewalld.service)" ] || firewalld_state
  if [ -n "$(enabled_units ufw.service)" ] && has_file /etc/ufw/ufw.conf; then
    ufw_state
  fi
  if [ -n "$(enabled_units nftables.service)" ]; then
    nftables_text | rules_refuse_input && printf 'limited nftables: what is not let in is dropped\n' ||
      printf 'unknown nftables is enabled, and its files do not plainly drop the rest\n'
  fi
  if [ -n "$(enabled_units 'iptables.service netfilter-persistent.service')" ]; then
    for path in /etc/sysconfig/iptables /etc/iptables/rules.v4; do
      has_file "$path" || continue
      if file_text "$path" | rules_refuse_input; then
        printf 'limited iptables (%s): what is not let in is dropped or rejected\n' "$path"
      else
        printf 'open iptables (%s) lets everything in\n' "$path"
      fi
    done
  fi
}

firewalld_state() { # the default zone's target decides about what no service or port lets in
  local zone path target=default
  zone=public
  if has_file /etc/firewalld/firewalld.conf; then
    zone=$(effective_lines /etc/firewalld/firewalld.conf | awk -F= '$1 == "DefaultZone" { value = $2 } END { print value == "" ? "public" : value }')
  fi
  for path in "/etc/firewalld/zones/$zone.xml" "/usr/lib/firewalld/zones/$zone.xml"; do
    has_file "$path" || continue
    target=$(file_awk "$path" '/<zone/ && match($0, /target="[^"]*"/) { print substr($0, RSTART + 8, RLENGTH - 9); found = 1; exit } END { if (!found) print "default" }')
    break
  done
  [ "$zone" != trusted ] || target=ACCEPT
  if [ "$target" = ACCEPT ]; then
    printf 'open firewalld: the default zone %s accepts everything\n' "$zone"
  else
    printf 'limited firewalld: the default zone %s (target %s)\n' "$zone" "$target"
  fi
}

ufw_state() {
  local policy=DROP
  if ! effective_lines /etc/ufw/ufw.conf | grep -qi '^ENABLED="*yes"*$'; then
    printf 'open ufw: the service is enabled, but ENABLED is not yes in /etc/ufw/ufw.conf\n'
    return 0
  fi
  if has_file /etc/default/ufw; then
    policy=$(effective_lines /etc/default/ufw | awk -F= '$1 == "DEFAULT_INPUT_POLICY" { gsub(/["\047]/, "", $2); value = toupper($2) } END { print value == "" ? "DROP" : value }')
  fi
  case $policy in
    DROP | REJECT) printf 'limited ufw: what is not let in meets %s\n' "$policy" ;;
    *) printf 'open ufw: the default for what comes in is %s\n' "$policy" ;;
  esac
}

nftables_text() { # the files nftables.service loads, without comments, includes followed once
  local path pattern
  for path in /etc/nftables.conf /etc/sysconfig/nftables.conf; do
    has_file "$path" || continue
    effective_lines "$path"
    effective_lines "$path" | awk '$1 == "include" { gsub(/["\047]/, "", $2); print $2 }' | while IFS= read -r pattern; do
      case $pattern in
        /*) ;;
        *) pattern=${path%/*}/$pattern ;;
      esac
      matching_paths "${pattern%/*}" "${pattern##*/}" | while IFS= read -r path; do
        ! has_file "$path" || effective_lines "$path"
      done
    done
  done
}
