"""The Lambda function behind the state ValidateRequest."""
