"""Drafts by machine are leased jobs."""

import jobs.models
from django.conf import settings
from django.db import migrations, models

# Rows of before: what ended gets a time, what was being done is done again.
CONVERTED = """
UPDATE media_pipeline_transcription SET state = 'waiting' WHERE state = 'queued';
UPDATE media_pipeline_transcription SET state = 'waiting', lease_until = NULL WHERE state NOT IN ('done', 'failed', 'refused');
UPDATE media_pipeline_transcription SET lease_until = NULL, finished_at = now() WHERE state IN ('done', 'failed', 'refused');
-- What is checked at the end of a transaction is checked now: a table with events to come cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('media_pipeline', '0011_published_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='transcription',
            name='transcription_once_at_a_time',
        ),
        migrations.RemoveConstraint(
            model_name='transcription',
            name='transcription_under_a_lease',
        ),
        migrations.RemoveIndex(
            model_name='transcription',
            name='transcription_live_rung_at',
        ),
        migrations.AddField(
            model_name='transcription',
            name='dispatched_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False),
        ),
        migrations.AddField(
            model_name='transcription',
            name='due_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='next attempt'),
        ),
        migrations.AddField(
            model_name='transcription',
            name='finished_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='finished at'),
        ),
        migrations.AddField(
            model_name='transcription',
            name='progress',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='progress'),
        ),
        migrations.AlterField(
            model_name='transcription',
            name='created_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='created at'),
        ),
        migrations.AlterField(
            model_name='transcription',
            name='error',
            field=models.TextField(blank=True, verbose_name='error'),
        ),
        migrations.AlterField(
            model_name='transcription',
            name='fence',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='transcription',
            name='lease_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='transcription',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='transcription',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['state', 'id'], name='transcription_not_done'),
        ),
        migrations.RunSQL(CONVERTED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='transcription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='media_pipeline_transcription_running_under_a_lease'),
        ),
        migrations.AddConstraint(
            model_name='transcription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ('waiting', 'running'))), models.Q(models.Q(('state__in', ('waiting', 'running')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='media_pipeline_transcription_finished_once_ended'),
        ),
        migrations.AddConstraint(
            model_name='transcription',
            constraint=models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='media_pipeline_transcription_progress_to_100'),
        ),
        migrations.AddConstraint(
            model_name='transcription',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('waiting', 'running'))), fields=('video', 'language'), name='transcription_once_at_a_time'),
        ),
        migrations.RemoveField(
            model_name='transcription',
            name='rung_at',
        ),
    ]
