"""What a coverage sweep found, as a page, a sheet, a message and a table."""
