output "member_role_arns" {
  description = "The member roles by duty."
  value = merge(
    { read = aws_iam_role.read.arn, scan = aws_iam_role.scan.arn },
    var.operator_arn_pattern == "none" ? {} : { inspect = aws_iam_role.inspect[0].arn },
    var.mending ? { mend = aws_iam_role.mend[0].arn } : {},
    var.security_hub_findings ? { import = aws_iam_role.import[0].arn } : {},
  )
}

output "default_instance_profile_arn" {
  description = "The instance profile for instances that have none; null where mending is left out."
  value       = var.mending ? aws_iam_instance_profile.default_instance[0].arn : null
}
