"""Exams: limits, windows, sittings, more time, incidents."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

KEPT = (Path(__file__).parent / "sql" / "exams_are_kept.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0007_saved_responses'),
        ('courses', '0034_answers_to_objections_are_told'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='factor',
            field=models.DecimalField(decimal_places=2, default=1, editable=False, max_digits=4, verbose_name='factor of the time'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='granted_seconds',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='more time, seconds'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='limit_seconds',
            field=models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name='time limit, seconds'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='purpose',
            field=models.CharField(choices=[('practice', 'practice: the result explains at once'), ('exam', 'exam: right answers are shown once the whole cohort is through')], default='practice', editable=False, max_length=10, verbose_name='purpose'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='shuffles_options',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='attempt',
            name='seed',
            field=models.BigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='grace_seconds',
            field=models.PositiveSmallIntegerField(default=30, help_text='For so long after the end answers are taken that were on a slow line.', validators=[django.core.validators.MaxValueValidator(600)], verbose_name='grace, seconds'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='is_supervised',
            field=models.BooleanField(default=False, help_text='It is started in a sitting, with the code that is told there, and taken on one device.', verbose_name='in a room'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='limit_minutes',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Empty: without a limit. A person who is allowed more time has more.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(600)], verbose_name='time limit, minutes'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='purpose',
            field=models.CharField(choices=[('practice', 'practice: the result explains at once'), ('exam', 'exam: right answers are shown once the whole cohort is through')], default='practice', max_length=10, verbose_name='purpose'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='shuffles_options',
            field=models.BooleanField(default=False, verbose_name='options in another order for each person'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='shuffles_questions',
            field=models.BooleanField(default=False, verbose_name='questions in another order for each person'),
        ),
        migrations.CreateModel(
            name='Sitting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('quiz_key', models.UUIDField(verbose_name='test')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('code', models.CharField(blank=True, max_length=6, verbose_name='code')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='code released at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('class_session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sittings', to='courses.classsession', verbose_name='class session')),
            ],
            options={
                'verbose_name': 'sitting',
                'verbose_name_plural': 'sittings',
                'ordering': ('class_session__starts_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=500, verbose_name='what happened')),
                ('at', models.DateTimeField(verbose_name='noted at')),
                ('attempt', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='assessment.attempt', verbose_name='attempt')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('sitting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='assessment.sitting', verbose_name='sitting')),
            ],
            options={
                'verbose_name': 'incident',
                'verbose_name_plural': 'incidents',
                'ordering': ('pk',),
            },
        ),
        migrations.AddField(
            model_name='attempt',
            name='sitting',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='assessment.sitting', verbose_name='sitting'),
        ),
        migrations.CreateModel(
            name='TimeGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seconds', models.PositiveSmallIntegerField(verbose_name='seconds')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(verbose_name='given at')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='assessment.attempt', verbose_name='attempt')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('sitting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='assessment.sitting', verbose_name='sitting')),
            ],
            options={
                'verbose_name': 'more time',
                'verbose_name_plural': 'more time',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='ExamWindow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quiz_key', models.UUIDField(verbose_name='test')),
                ('opens_at', models.DateTimeField(verbose_name='may be started from')),
                ('closes_at', models.DateTimeField(verbose_name='may be started until')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exam_windows', to='courses.cohort', verbose_name='cohort')),
            ],
            options={
                'verbose_name': 'time to start a test',
                'verbose_name_plural': 'times to start tests',
                'constraints': [models.UniqueConstraint(fields=('cohort', 'quiz_key'), name='exam_window_once_per_cohort'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='exam_window_closes_after_it_opens', violation_error_message='A test can be started until a time after it opens.')],
            },
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.UniqueConstraint(fields=('class_session', 'quiz_key'), name='sitting_once_per_session'),
        ),
        migrations.AddConstraint(
            model_name='sitting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('code', ''), ('released_at__isnull', True)), models.Q(models.Q(('code', ''), _negated=True), ('released_at__isnull', False)), _connector='OR'), name='sitting_has_a_code_once_released'),
        ),
        migrations.AddConstraint(
            model_name='timegrant',
            constraint=models.CheckConstraint(condition=models.Q(('seconds__gte', 1)), name='time_grant_is_some_time'),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
