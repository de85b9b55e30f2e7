from django.db import migrations
from django.utils import timezone


def give_rooms(apps, schema_editor):
    """Live classes that were added among the sessions of a timetable had no room: their pages were missing."""
    sessions = apps.get_model("courses", "ClassSession").objects.filter(
        kind="live",
        live__isnull=True,
        joint_meeting__isnull=True,
        canceled_at__isnull=True,
        ends_at__gt=timezone.now(),
    )
    rooms = apps.get_model("live", "LiveSession").objects
    rooms.bulk_create(rooms.model(class_session=session) for session in sessions)


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0006_reviews"),
        ("live", "0017_notices_without_a_lease"),
    ]

    operations = [migrations.RunPython(give_rooms, migrations.RunPython.noop)]
