from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("live", "0010_attendance_record")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER live_attendancefreeze_append_only BEFORE UPDATE OR DELETE ON live_attendancefreeze
                FOR EACH ROW EXECUTE FUNCTION live_event_is_append_only();
            """,
            "DROP TRIGGER live_attendancefreeze_append_only ON live_attendancefreeze;",
        )
    ]
