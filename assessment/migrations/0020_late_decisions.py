"""Decisions about answers that arrived after the time."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

KEPT = (Path(__file__).parent / "sql" / "late_decisions.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0019_figures_of_questions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LateDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_counted', models.BooleanField(verbose_name='counted')),
                ('through_at', models.DateTimeField(verbose_name='arrived until')),
                ('answers', models.PositiveSmallIntegerField(verbose_name='late answers')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='decided at')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late_decisions', to='assessment.attempt', verbose_name='attempt')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'decision about late answers',
                'verbose_name_plural': 'decisions about late answers',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('attempt', 'through_at'), name='late_answers_decided_once')],
            },
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER late_decision_is_kept ON assessment_latedecision"),
    ]
