-- Notices did not keep what they said was due: it was the fee in effect on the day on which they were sent.
UPDATE certificates_feenotice AS notice SET amount = coalesce((
    SELECT fee.amount FROM certificates_fee AS fee
        WHERE fee.type_id = proposed.type_id
            AND fee.due_for = CASE WHEN proposed.renews_id IS NULL THEN 'issue' ELSE 'renewal' END
            AND (fee.level_id IS NULL OR fee.level_id = proposed.claims ->> 'level')
            AND fee.since <= (coalesce(notice.sent_at, notice.created_at) AT TIME ZONE 'Africa/Cairo')::date
        ORDER BY fee.level_id IS NULL, fee.since DESC LIMIT 1
), 0)
FROM certificates_proposalrow AS proposed WHERE proposed.id = notice.row_id;
