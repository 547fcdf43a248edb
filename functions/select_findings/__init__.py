"""The Lambda function behind the state SelectFindings."""
