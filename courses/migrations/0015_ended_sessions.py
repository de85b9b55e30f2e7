"""A session counts once it is over. Those that go on now and have attendance are evaluated when they end."""

from django.conf import settings
from django.db import migrations, models

MARK_RUNNING = (
    "UPDATE courses_classsession SET awaits_evaluation = true WHERE ends_at > now() AND EXISTS"
    " (SELECT 1 FROM courses_attendancerecord WHERE session_id = courses_classsession.id)"
)


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0014_correction_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='classsession',
            name='awaits_evaluation',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name='classsession',
            index=models.Index(condition=models.Q(('awaits_evaluation', True)), fields=['ends_at'], name='session_awaits_evaluation'),
        ),
        migrations.RunSQL(MARK_RUNNING, migrations.RunSQL.noop),
    ]
