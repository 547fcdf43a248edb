if [ -f ~/.bashrc ]; then
    . ~/.bashrc
fi
PATH=.:/opt/scripts:$PATH
export PATH
