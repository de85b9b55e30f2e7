from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("live", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION live_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'The log of a live session is append-only.' USING ERRCODE = 'integrity_constraint_violation';
            END $$;
            CREATE TRIGGER live_event_append_only BEFORE UPDATE OR DELETE ON live_event
                FOR EACH ROW EXECUTE FUNCTION live_event_is_append_only();
            """,
            """
            DROP TRIGGER live_event_append_only ON live_event;
            DROP FUNCTION live_event_is_append_only();
            """,
        )
    ]
