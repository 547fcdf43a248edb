"""The Lambda function behind the state RequestMending."""
