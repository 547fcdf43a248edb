"""The Lambda function behind the state OpenSweep."""
