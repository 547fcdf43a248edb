-- en: Account league: who passes the most of what was judged
-- ko: 계정 순위: 양호 비율이 높은 순
-- Accounts with the same share have the same place. What is manual or came to an error is not judged.
WITH newest AS (
    SELECT
        account, account_name, region, instance, profile, severity, verdict, "at",
        row_number() OVER (
            PARTITION BY account, region, instance, profile, item, "check" ORDER BY "at" DESC, run DESC
        ) AS age
    FROM results
),
gone AS (
    SELECT account, region, instance, max("at") AS "at"
    FROM changes
    WHERE change = 'gone'
    GROUP BY account, region, instance
),
counted AS (
    SELECT
        newest.profile,
        newest.account,
        max(newest.account_name) AS account_name,
        count(DISTINCT newest.region || '/' || newest.instance) AS instances,
        count(*) FILTER (WHERE newest.verdict = 'fail' AND newest.severity = 'high') AS high,
        count(*) FILTER (WHERE newest.verdict = 'fail' AND newest.severity = 'medium') AS medium,
        count(*) FILTER (WHERE newest.verdict = 'fail' AND newest.severity = 'low') AS low,
        count(*) FILTER (WHERE newest.verdict = 'pass') AS passed,
        count(*) FILTER (WHERE newest.verdict IN ('pass', 'fail')) AS judged
    FROM newest
    LEFT JOIN gone
        ON gone.account = newest.account AND gone.region = newest.region AND gone.instance = newest.instance
    WHERE newest.age = 1 AND (gone."at" IS NULL OR gone."at" < newest."at")
    GROUP BY newest.profile, newest.account
)
SELECT
    rank() OVER (PARTITION BY profile ORDER BY CAST(passed AS double) / judged DESC) AS place,
    profile,
    account,
    account_name,
    instances,
    high,
    medium,
    low,
    round(CAST(100 * passed AS double) / judged, 1) AS passed_percent
FROM counted
WHERE judged > 0
ORDER BY profile, place, account
