-- What open attempts kept becomes the first events of their log, in the order of their slots.
INSERT INTO assessment_responseevent (attempt_id, epoch, seq, slot, response, at)
SELECT attempt.id, 1, row_number() OVER (PARTITION BY attempt.id ORDER BY kept.key::int), kept.key::int, kept.value, attempt.started_at
FROM assessment_attempt AS attempt, jsonb_each(attempt.draft) AS kept
WHERE attempt.state = 'open';
UPDATE assessment_attempt SET ended_at = marked_at, ended_by = 'person' WHERE state = 'marked';
