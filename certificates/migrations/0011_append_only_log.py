"""The log is only ever appended to, and no status event can be written without waiting for it."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER log_entry_append_only BEFORE UPDATE OR DELETE ON certificates_logentry
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER log_node_append_only BEFORE UPDATE OR DELETE ON certificates_lognode
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
CREATE TRIGGER log_checkpoint_append_only BEFORE UPDATE OR DELETE ON certificates_logcheckpoint
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();

CREATE FUNCTION certificates_wait_for_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO certificates_logpending (event_id) SELECT id FROM written;
    RETURN NULL;
END $$;
-- A statement, not a row, at a time: a batch of 10,000 certificates writes its events in a few statements.
CREATE TRIGGER status_event_waits_for_log AFTER INSERT ON certificates_statusevent
    REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_wait_for_log();

INSERT INTO certificates_logpending (event_id) SELECT id FROM certificates_statusevent;
"""

BACKWARD = """
DROP TRIGGER status_event_waits_for_log ON certificates_statusevent;
DROP FUNCTION certificates_wait_for_log();
DROP TRIGGER log_checkpoint_append_only ON certificates_logcheckpoint;
DROP TRIGGER log_node_append_only ON certificates_lognode;
DROP TRIGGER log_entry_append_only ON certificates_logentry;
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0010_publishing")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
