"""The Lambda function behind the state DiscoverInstances."""
