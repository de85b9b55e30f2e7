"""Attempts count by person and test: further ones are given to a person, and the database refuses to begin the count again."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

COUNTED = (Path(__file__).parent / "sql" / "attempts_of_a_person.sql").read_text(encoding="utf-8")
UNDONE = """DROP TRIGGER further_attempt_is_kept ON assessment_furtherattempt;
DROP TRIGGER attempt_is_counted ON assessment_attempt;
DROP FUNCTION assessment_attempt_is_counted()"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0032_keys_that_were_read'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FurtherAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quiz_key', models.UUIDField(verbose_name='quiz')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='given at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='further_attempts', to='courses.enrollment', verbose_name='enrollment')),
            ],
            options={
                'verbose_name': 'further attempt',
                'verbose_name_plural': 'further attempts',
                'ordering': ('pk',),
            },
        ),
        migrations.RunSQL(COUNTED, UNDONE),
    ]
