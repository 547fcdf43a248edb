# Interactive shells of root.
PS1='\u@\h:\w# '
