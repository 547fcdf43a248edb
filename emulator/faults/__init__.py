"""Everything that can go wrong on AWS and on a host, on demand."""
