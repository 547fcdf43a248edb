"""The Lambda function behind the state SelectWave."""
