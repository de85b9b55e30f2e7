"""Answers are kept as a log of events in place of a draft; saves that came late or were refused are counted."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"
THAWED = "DROP TRIGGER attempt_is_frozen ON assessment_attempt"
DRAFTS = (SQL / "drafts_become_events.sql").read_text(encoding="utf-8")
KEPT = (SQL / "events_are_kept.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0006_more_kinds_of_questions'),
        ('courses', '0034_answers_to_objections_are_told'),
    ]

    operations = [
        migrations.CreateModel(
            name='LateResponse',
            fields=[
                ('pk', models.CompositePrimaryKey('attempt_id', 'epoch', 'seq', blank=True, editable=False, primary_key=True, serialize=False)),
                ('attempt', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='late_responses', to='assessment.attempt', verbose_name='attempt')),
                ('epoch', models.PositiveSmallIntegerField()),
                ('seq', models.PositiveIntegerField()),
                ('slot', models.PositiveSmallIntegerField(verbose_name='question')),
                ('response', models.JSONField(null=True, verbose_name='answer')),
                ('at', models.DateTimeField(verbose_name='arrived at')),
            ],
            options={
                'verbose_name': 'late answer',
                'verbose_name_plural': 'late answers',
                'ordering': ('attempt_id', 'epoch', 'seq'),
            },
        ),
        migrations.CreateModel(
            name='RefusedSave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('attempt', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='refused_saves', to='assessment.attempt', verbose_name='attempt')),
                ('reason', models.CharField(choices=[('over', 'handed in before'), ('late', 'after the time'), ('taken_over', 'another device goes on'), ('sequence_used', 'number used before'), ('unreadable', 'not an answer to the question')], max_length=20, verbose_name='reason')),
                ('count', models.PositiveIntegerField(default=1, verbose_name='times')),
                ('first_at', models.DateTimeField(verbose_name='first')),
                ('last_at', models.DateTimeField(verbose_name='last')),
            ],
            options={
                'verbose_name': 'refused save',
                'verbose_name_plural': 'refused saves',
                'ordering': ('attempt_id', 'reason'),
            },
        ),
        migrations.CreateModel(
            name='ResponseEvent',
            fields=[
                ('pk', models.CompositePrimaryKey('attempt_id', 'epoch', 'seq', blank=True, editable=False, primary_key=True, serialize=False)),
                ('attempt', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='assessment.attempt', verbose_name='attempt')),
                ('epoch', models.PositiveSmallIntegerField()),
                ('seq', models.PositiveIntegerField()),
                ('slot', models.PositiveSmallIntegerField(verbose_name='question')),
                ('response', models.JSONField(null=True, verbose_name='answer')),
                ('at', models.DateTimeField(verbose_name='saved at')),
            ],
            options={
                'verbose_name': 'change of an answer',
                'verbose_name_plural': 'changes of answers',
                'ordering': ('attempt_id', 'epoch', 'seq'),
            },
        ),
        migrations.AddField(
            model_name='attempt',
            name='closes_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='closes at'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='ended at'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='ended_by',
            field=models.CharField(blank=True, choices=[('person', 'handed in'), ('time', 'the time ran out')], max_length=10, verbose_name='ended by'),
        ),
        migrations.AddField(
            model_name='attempt',
            name='epoch',
            field=models.PositiveSmallIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name='attempt',
            name='grace_seconds',
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='attempt',
            name='holder',
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=models.Index(condition=models.Q(('closes_at__isnull', False), ('state', 'open')), fields=['closes_at'], name='attempt_to_close'),
        ),
        migrations.AddConstraint(
            model_name='refusedsave',
            constraint=models.UniqueConstraint(fields=('attempt', 'reason'), name='refused_save_once_per_reason'),
        ),
        migrations.RunSQL([THAWED, DRAFTS, 'SET CONSTRAINTS ALL IMMEDIATE'], migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name='attempt',
            name='draft',
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by', ''), ('state', 'open')), models.Q(('ended_at__isnull', False), models.Q(('state', 'open'), _negated=True), models.Q(('ended_by', ''), _negated=True)), _connector='OR'), name='attempt_ended_unless_open'),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
