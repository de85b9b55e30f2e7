CREATE TRIGGER question_picture_is_kept BEFORE UPDATE OR DELETE ON assessment_questionpicture
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('versions of questions show pictures as they are');
