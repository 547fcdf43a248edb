case $- in
  *i*) ;;
  *) return ;;
esac
HISTCONTROL=ignoreboth
PS1='\u@\h:\w\$ '
