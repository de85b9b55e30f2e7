-- Rules said what they ask in columns; from here on in a list (courses/clauses.py).
ALTER TABLE certificates_issuingrule DISABLE TRIGGER issuing_rule_immutable_once_used;
UPDATE certificates_issuingrule SET clauses =
    CASE WHEN attendance_percent > 0
        THEN jsonb_build_array(jsonb_build_object('kind', 'attendance', 'percent', attendance_percent))
        ELSE '[]'::jsonb END
    || CASE WHEN score_percent > 0
        THEN jsonb_build_array(jsonb_build_object(
            'kind', 'score', 'percent', score_percent, 'attempts', 'best', 'tests', '[]'::jsonb))
        ELSE '[]'::jsonb END;
ALTER TABLE certificates_issuingrule ENABLE TRIGGER issuing_rule_immutable_once_used;
