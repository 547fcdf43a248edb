"""What can go wrong, made on demand."""
