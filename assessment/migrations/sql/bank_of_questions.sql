-- A question of the bank is edited; whose it is never changes, and that of a quiz has nothing that could.
DROP TRIGGER question_is_kept ON assessment_question;
CREATE TRIGGER question_is_kept BEFORE DELETE ON assessment_question
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('attempts refer to questions');
CREATE TRIGGER question_keeps_its_place BEFORE UPDATE ON assessment_question
    FOR EACH ROW WHEN (OLD.quiz_key IS NOT NULL OR NEW.quiz_key IS NOT NULL OR OLD.id <> NEW.id
        OR OLD.block_id <> NEW.block_id OR OLD.owner_id IS DISTINCT FROM NEW.owner_id
        OR OLD.author_id IS DISTINCT FROM NEW.author_id)
    EXECUTE FUNCTION assessment_refuse('a question keeps its quiz, its owner and its author');
