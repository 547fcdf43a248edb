"""The Lambda function behind the state ImportFindings."""
