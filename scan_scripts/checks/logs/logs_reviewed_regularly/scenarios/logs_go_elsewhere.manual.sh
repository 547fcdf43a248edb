# shellcheck shell=dash
# An agent that sends logs is a hint, not a review.
typical_accounts
enabled_unit amazon-cloudwatch-agent.service multi-user.target
