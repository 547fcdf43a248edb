"""The Lambda function behind the state NotifyCoverage."""
