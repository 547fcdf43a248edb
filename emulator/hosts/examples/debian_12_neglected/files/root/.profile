if [ "$BASH" ] && [ -f ~/.bashrc ]; then
  . ~/.bashrc
fi
mesg n 2> /dev/null || true
PATH=$PATH:.:/home/batch/bin
export PATH
