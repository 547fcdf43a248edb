"""The routes: thin, each reads what is asked for, has it read, and answers with JSON."""
