"""The Lambda function behind the state VerifyManaged."""
