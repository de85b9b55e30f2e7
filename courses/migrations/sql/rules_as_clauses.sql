-- Rules said what they ask in columns; from here on in a list (courses/clauses.py). Scores were the best of all attempts: what
-- the others were is not known, so only the best one is written.
ALTER TABLE courses_completionrule DISABLE TRIGGER completion_rule_is_frozen;
UPDATE courses_completionrule SET clauses =
    CASE WHEN all_required_units THEN '[{"kind": "units"}]'::jsonb ELSE '[]'::jsonb END
    || CASE WHEN attendance_percent > 0
        THEN jsonb_build_array(jsonb_build_object('kind', 'attendance', 'percent', attendance_percent))
        ELSE '[]'::jsonb END
    || CASE WHEN score_percent > 0
        THEN jsonb_build_array(jsonb_build_object(
            'kind', 'score', 'percent', score_percent, 'attempts', 'best', 'tests', '[]'::jsonb))
        ELSE '[]'::jsonb END;
ALTER TABLE courses_completionrule ENABLE TRIGGER completion_rule_is_frozen;

ALTER TABLE courses_unitprogress DISABLE TRIGGER progress_never_goes_back;
UPDATE courses_unitprogress SET scores = ARRAY[score] WHERE score IS NOT NULL;
ALTER TABLE courses_unitprogress ENABLE TRIGGER progress_never_goes_back;

ALTER TABLE courses_scorecorrection DISABLE TRIGGER score_correction_is_kept;
UPDATE courses_scorecorrection SET from_scores = ARRAY[from_score] WHERE from_score IS NOT NULL;
ALTER TABLE courses_scorecorrection ENABLE TRIGGER score_correction_is_kept;
