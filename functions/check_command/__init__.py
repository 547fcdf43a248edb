"""The Lambda function behind the state CheckCommand."""
