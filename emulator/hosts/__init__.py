"""The hosts of the embedded AWS: which instances exist, and the trees that a scan of them looks at."""
