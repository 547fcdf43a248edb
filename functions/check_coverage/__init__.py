"""The Lambda function behind the state CheckCoverage."""
