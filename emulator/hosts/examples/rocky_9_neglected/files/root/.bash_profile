if [ -f ~/.bashrc ]; then
    . ~/.bashrc
fi
export PATH=:$PATH
