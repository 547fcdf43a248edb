# shellcheck shell=dash
# The automount daemon (autofs) is off. Units of systemd named *.automount are something else.
check_automount_disabled() {
  judge_services_off "the automount daemon (autofs)" 'autofs.service' '' 'automount' ''
}
