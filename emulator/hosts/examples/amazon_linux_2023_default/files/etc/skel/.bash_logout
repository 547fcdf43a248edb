# Nothing to do at logout.
