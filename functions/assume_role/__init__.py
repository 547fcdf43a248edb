"""The Lambda function behind the state AssumeRole."""
