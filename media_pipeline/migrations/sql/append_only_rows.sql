CREATE FUNCTION media_pipeline_refuse_update() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'a published version never changes' USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER publishedversion_never_changes BEFORE UPDATE ON media_pipeline_publishedversion
    FOR EACH ROW EXECUTE FUNCTION media_pipeline_refuse_update();
CREATE TRIGGER rendition_never_changes BEFORE UPDATE ON media_pipeline_rendition
    FOR EACH ROW EXECUTE FUNCTION media_pipeline_refuse_update();
CREATE TRIGGER publishedfile_never_changes BEFORE UPDATE ON media_pipeline_publishedfile
    FOR EACH ROW EXECUTE FUNCTION media_pipeline_refuse_update();
