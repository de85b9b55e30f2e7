-- A file of an answer is as it was saved; one that an answer of an ended attempt names is a record of study.
CREATE TRIGGER answer_file_is_frozen BEFORE UPDATE ON assessment_answerfile
    FOR EACH ROW WHEN ((OLD.public_id, OLD.attempt_id, OLD.slot, OLD.sent_as, OLD.kind, OLD.pages, OLD.size, OLD.sha256, OLD.path, OLD.at)
        IS DISTINCT FROM
        (NEW.public_id, NEW.attempt_id, NEW.slot, NEW.sent_as, NEW.kind, NEW.pages, NEW.size, NEW.sha256, NEW.path, NEW.at)
        OR OLD.kept_at IS NOT NULL)
    EXECUTE FUNCTION assessment_refuse('a file of an answer stays as it was saved');
CREATE TRIGGER answer_file_is_kept BEFORE DELETE ON assessment_answerfile
    FOR EACH ROW WHEN (OLD.kept_at IS NOT NULL)
    EXECUTE FUNCTION assessment_refuse('an answer names the file');
