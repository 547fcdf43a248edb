"""CloudFormation as far as it is relied on: change sets, updates, rollback, deletion, service-managed StackSets."""
