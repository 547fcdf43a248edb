"""The Lambda function behind the state SendCommand."""
