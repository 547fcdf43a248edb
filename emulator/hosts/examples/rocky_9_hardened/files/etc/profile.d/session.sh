# An idle shell ends after ten minutes; new files are the owner's and the group's.
TMOUT=600
readonly TMOUT
export TMOUT
umask 027
