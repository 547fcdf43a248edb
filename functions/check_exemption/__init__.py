"""The Lambda function behind the state CheckExemption."""
