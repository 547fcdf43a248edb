"""The command line: `fleetdx`. It is not shipped to Lambda."""
