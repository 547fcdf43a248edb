"""The web page: start a scan, watch and debug its executions, read its results; for the embedded AWS and for AWS."""
