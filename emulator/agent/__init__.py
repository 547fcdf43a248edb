"""The stand-in for the Systems Manager agent: it runs SSM documents on hosts, as real processes."""
