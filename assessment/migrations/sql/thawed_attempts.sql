DROP TRIGGER attempt_is_frozen ON assessment_attempt;
DROP TRIGGER answer_is_frozen ON assessment_answer;
