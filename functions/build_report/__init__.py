"""The Lambda function behind the state BuildReport."""
