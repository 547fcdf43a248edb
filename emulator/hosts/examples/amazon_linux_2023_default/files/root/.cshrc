set prompt='[%n@%m %c]# '
