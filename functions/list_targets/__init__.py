"""The Lambda function behind the state ListTargets."""
