"""An organization in which every cause and reason of a coverage sweep occurs."""
