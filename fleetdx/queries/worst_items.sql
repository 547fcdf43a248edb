-- en: Worst items: what fails on the most instances
-- ko: 취약 상위 항목: 가장 많은 인스턴스에서 취약한 점검
-- A check counts with its newest result on an instance, however many runs have looked at it.
WITH newest AS (
    SELECT
        account, region, instance, profile, item, "check", severity, verdict, "at",
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
)
SELECT
    newest.profile,
    newest.item,
    newest."check",
    newest.severity,
    count(*) FILTER (WHERE newest.verdict = 'fail') AS failing,
    count(*) FILTER (WHERE newest.verdict IN ('pass', 'fail')) AS judged
FROM newest
LEFT JOIN gone
    ON gone.account = newest.account AND gone.region = newest.region AND gone.instance = newest.instance
WHERE newest.age = 1 AND (gone."at" IS NULL OR gone."at" < newest."at")
GROUP BY newest.profile, newest.item, newest."check", newest.severity
HAVING count(*) FILTER (WHERE newest.verdict = 'fail') > 0
ORDER BY failing DESC, newest.profile, newest.item, newest."check"
