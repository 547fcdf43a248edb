-- en: Failing since: findings that are open, oldest first
-- ko: 취약 지속 기간: 아직 조치되지 않은 취약점, 오래된 순
-- A check that came to manual or error since it failed has not been fixed. Where the results do not say since when, the
-- newest change of the finding does. The group's period is that of its Auto Scaling group, whose instances are replaced.
WITH newest AS (
    SELECT
        account, account_name, region, instance, instance_name, profile, item, "check", severity, verdict,
        failing_since, auto_scaling_group, group_failing_since, "at",
        row_number() OVER (
            PARTITION BY account, region, instance, profile, item, "check" ORDER BY "at" DESC, run DESC
        ) AS age
    FROM results
),
last_change AS (
    SELECT
        account, region, instance, profile, item, "check", change, failing_since, group_failing_since, "at",
        row_number() OVER (
            PARTITION BY account, region, instance, profile, item, "check" ORDER BY "at" DESC
        ) AS age
    FROM changes
),
open_findings AS (
    SELECT
        newest.account, newest.account_name, newest.region, newest.instance, newest.instance_name, newest.profile,
        newest.item, newest."check", newest.severity, newest.verdict,
        CASE
            WHEN newest.failing_since IS NOT NULL THEN newest.failing_since
            WHEN last_change.change IN ('initial', 'continued', 'new') THEN last_change.failing_since
        END AS failing_since,
        newest.auto_scaling_group,
        CASE
            WHEN newest.group_failing_since IS NOT NULL THEN newest.group_failing_since
            WHEN last_change.change IN ('initial', 'continued', 'new') THEN last_change.group_failing_since
        END AS group_failing_since
    FROM newest
    LEFT JOIN last_change
        ON last_change.account = newest.account AND last_change.region = newest.region
        AND last_change.instance = newest.instance AND last_change.profile = newest.profile
        AND last_change.item = newest.item AND last_change."check" = newest."check" AND last_change.age = 1
    WHERE newest.age = 1
        AND newest.verdict NOT IN ('pass', 'not_applicable')
        AND (last_change.change IS NULL OR last_change.change <> 'gone' OR last_change."at" < newest."at")
)
SELECT
    failing_since, severity, item, "check", verdict, account, account_name, region, instance, instance_name, profile,
    auto_scaling_group, group_failing_since
FROM open_findings
WHERE failing_since IS NOT NULL
ORDER BY failing_since, account, region, instance, profile, item, "check"
