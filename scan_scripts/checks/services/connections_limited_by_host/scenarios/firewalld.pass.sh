# shellcheck shell=dash
# The default zone lets in named services only.
typical_accounts
enabled_unit firewalld.service multi-user.target
file /etc/firewalld/firewalld.conf <<'EOF'
DefaultZone=public
EOF
file /usr/lib/firewalld/zones/public.xml <<'EOF'
<zone>
  <service name="ssh"/>
</zone>
EOF
