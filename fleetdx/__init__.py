"""What the functions and the command line share."""
