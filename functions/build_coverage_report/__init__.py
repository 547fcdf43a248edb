"""The Lambda function behind the state BuildCoverageReport."""
