"""What the console reads, from a deployment alone: the same calls for the embedded AWS and for AWS."""
