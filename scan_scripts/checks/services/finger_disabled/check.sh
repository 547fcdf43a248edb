# shellcheck shell=dash
# Nobody can ask from outside who is logged in.
check_finger_disabled() {
  judge_services_off finger \
    'finger.socket fingerd.service cfingerd.service efingerd.service' \
    'finger cfinger' 'fingerd in.fingerd cfingerd efingerd' 'tcp:79'
}
