"""A published version and its renditions stay as they were written."""

from django.db import migrations

CREATE = """
CREATE FUNCTION media_pipeline_refuse_update() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'a published version never changes' USING ERRCODE = 'integrity_constraint_violation';
END;
$$ LANGUAGE plpgsql;
CREATE TRIGGER publishedversion_never_changes BEFORE UPDATE ON media_pipeline_publishedversion
    FOR EACH ROW EXECUTE FUNCTION media_pipeline_refuse_update();
CREATE TRIGGER rendition_never_changes BEFORE UPDATE ON media_pipeline_rendition
    FOR EACH ROW EXECUTE FUNCTION media_pipeline_refuse_update();
"""
DROP = """
DROP TRIGGER rendition_never_changes ON media_pipeline_rendition;
DROP TRIGGER publishedversion_never_changes ON media_pipeline_publishedversion;
DROP FUNCTION media_pipeline_refuse_update();
"""


class Migration(migrations.Migration):
    dependencies = [("media_pipeline", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
