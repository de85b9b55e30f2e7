"""Attempts and answers without copies of questions, and the triggers that keep them and the versions as they are."""

from pathlib import Path

import django.contrib.postgres.fields
from django.db import migrations, models

FROZEN = (Path(__file__).parent / "sql" / "frozen_versions.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0004_attempts_refer_to_questions'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='answer', name='answer_once_per_question'),
        migrations.RemoveField(model_name='answer', name='question_id'),
        migrations.RemoveField(model_name='answer', name='chosen'),
        migrations.AlterField(
            model_name='answer',
            name='slot',
            field=models.PositiveSmallIntegerField(verbose_name='question'),
        ),
        migrations.AddConstraint(
            model_name='answer',
            constraint=models.UniqueConstraint(fields=('attempt', 'slot'), name='answer_once_per_slot'),
        ),
        migrations.RemoveField(model_name='attempt', name='questions'),
        migrations.RunSQL(FROZEN, migrations.RunSQL.noop),
    ]
