-- en: Coverage gaps: who has no result, and why
-- ko: 점검 공백: 결과가 없는 계정·리전과 인스턴스와 그 사유
-- Each counts with its newest line of the ledger. A row without an instance is an account-region that was not entered.
WITH lines AS (
    SELECT
        account, account_name, region, instance, instance_name, state, reason, "at",
        max(CASE WHEN state = 'scanned' THEN "at" END) OVER (
            PARTITION BY account, region, instance
        ) AS last_scanned,
        row_number() OVER (
            PARTITION BY account, region, instance ORDER BY "at" DESC, run DESC
        ) AS age
    FROM ledger
)
SELECT account, account_name, region, instance, instance_name, state, reason, "at", last_scanned
FROM lines
WHERE age = 1 AND state IN ('scan_failed', 'not_managed')
ORDER BY account, region, instance NULLS FIRST
