-- en: Mean time to fix: from the first failure to the fix
-- ko: 평균 조치 기간: 취약 확인부터 조치까지 걸린 기간
-- Two runs at the same time may tell the same fix, which counts once, with the earlier. What is gone with its instance was
-- not fixed.
WITH fixes AS (
    SELECT severity, failing_since, min("at") AS fixed_at
    FROM changes
    WHERE change = 'fixed'
    GROUP BY account, region, instance, profile, item, "check", severity, failing_since
),
spans AS (
    SELECT
        severity,
        CAST(date_diff(
            'second',
            CAST(replace(replace(failing_since, 'T', ' '), 'Z', '') AS timestamp),
            CAST(replace(replace(fixed_at, 'T', ' '), 'Z', '') AS timestamp)
        ) AS double) / 86400 AS days
    FROM fixes
)
SELECT
    severity,
    count(*) AS fixed,
    round(avg(days), 2) AS mean_days,
    round(max(days), 2) AS longest_days
FROM spans
GROUP BY severity
ORDER BY CASE severity WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END
