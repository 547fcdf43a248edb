"""The Lambda function behind the state Notify."""
