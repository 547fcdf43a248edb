"""The Lambda function behind the state NotifyChange."""
