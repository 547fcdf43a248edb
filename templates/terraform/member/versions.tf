terraform {
  required_version = ">= 1.6"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0" # resources in several regions with one provider
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}
