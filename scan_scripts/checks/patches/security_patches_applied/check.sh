# shellcheck shell=dash
# Patches of the vendor are applied regularly. A script gathers facts; the policy and its dates are for a person.
check_security_patches_applied() {
  local unsupported release
  unsupported=$(parameter unsupported_releases) || return 1
  release=$(release_name)
  if [ "$release" = - ]; then
    error "os-release does not say what runs here"
    return 0
  fi
  evidence "$(os_release PRETTY_NAME)"
  patch_facts "$release" | evidence_lines
  if is_listed "$release" "$unsupported" || is_listed "${release%.*}" "$unsupported"; then
    fail "the vendor's general support of $release has ended, so patches are missing unless a paid extension brings them"
  elif has_path /run/reboot-required || has_path /var/run/reboot-required; then
    manual "updates wait for a restart of the host; a person must compare policy and dates"
  else
    manual "a person must compare the patch policy with the dates of the last updates and with the vendor's advisories"
  fi
}

patch_facts() { # <release>
  last_package_changes
  kernel_facts
  enabled_units 'unattended-upgrades.service apt-daily-upgrade.timer dnf-automatic.timer dnf-automatic-install.timer yum-cron.service'
  if has_file /etc/apt/apt.conf.d/20auto-upgrades; then
    effective_lines /etc/apt/apt.conf.d/20auto-upgrades
  fi
  if [ "$1" = amzn-2023 ]; then
    printf 'repositories are locked to a release of Amazon Linux 2023: "no updates" proves nothing, ask dnf check-release-update\n'
  fi
}

kernel_facts() {
  local newest running
  newest=$(matching_paths /lib/modules '[0-9]*' | awk '{ sub(/^.*\//, ""); print }' | sort -t. -k1,1n -k2,2n -k3,3n | tail -n 1)
  [ -z "$newest" ] || printf 'newest kernel installed (by number): %s\n' "$newest"
  if [ -z "$ROOT" ]; then
    running=$(uname -r)
    printf 'kernel running: %s\n' "$running"
  fi
}
