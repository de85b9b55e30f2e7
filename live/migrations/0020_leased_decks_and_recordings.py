"""Decks of slides and recordings are leased jobs."""

import jobs.models
from django.conf import settings
from django.db import migrations, models

# Rows of before: what ended gets a time, what was being done is done again.
CONVERTED = """
UPDATE live_slidedeck SET state = 'done' WHERE state = 'ready';
UPDATE live_slidedeck SET state = 'waiting', lease_until = NULL WHERE state NOT IN ('done', 'failed', 'refused');
UPDATE live_slidedeck SET lease_until = NULL, finished_at = now() WHERE state IN ('done', 'failed', 'refused');
UPDATE live_recording SET state = 'done' WHERE state = 'ready';
UPDATE live_recording SET state = 'waiting', lease_until = NULL WHERE state NOT IN ('done', 'failed', 'refused');
UPDATE live_recording SET lease_until = NULL, finished_at = now() WHERE state IN ('done', 'failed', 'refused');
-- What is checked at the end of a transaction is checked now: a table with events to come cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('live', '0019_instructors_by_one_name'),
        ('media_pipeline', '0011_published_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='recording',
            options={'ordering': ('session_id', 'pk'), 'verbose_name': 'recording of a class', 'verbose_name_plural': 'recordings of classes'},
        ),
        migrations.AlterModelOptions(
            name='slidedeck',
            options={'ordering': ('session_id', 'pk'), 'verbose_name': 'deck of slides', 'verbose_name_plural': 'decks of slides'},
        ),
        migrations.RemoveIndex(
            model_name='recording',
            name='recording_waiting',
        ),
        migrations.RemoveIndex(
            model_name='slidedeck',
            name='slide_deck_waiting',
        ),
        migrations.AddField(
            model_name='recording',
            name='dispatched_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False),
        ),
        migrations.AddField(
            model_name='recording',
            name='due_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='next attempt'),
        ),
        migrations.AddField(
            model_name='recording',
            name='error',
            field=models.TextField(blank=True, verbose_name='error'),
        ),
        migrations.AddField(
            model_name='recording',
            name='fence',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='recording',
            name='finished_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='finished at'),
        ),
        migrations.AddField(
            model_name='recording',
            name='progress',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='progress'),
        ),
        migrations.AddField(
            model_name='slidedeck',
            name='dispatched_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False),
        ),
        migrations.AddField(
            model_name='slidedeck',
            name='due_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='next attempt'),
        ),
        migrations.AddField(
            model_name='slidedeck',
            name='error',
            field=models.TextField(blank=True, verbose_name='error'),
        ),
        migrations.AddField(
            model_name='slidedeck',
            name='fence',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='slidedeck',
            name='finished_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='finished at'),
        ),
        migrations.AddField(
            model_name='slidedeck',
            name='progress',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='progress'),
        ),
        migrations.AlterField(
            model_name='recording',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='attempts'),
        ),
        migrations.AlterField(
            model_name='recording',
            name='created_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='created at'),
        ),
        migrations.AlterField(
            model_name='recording',
            name='lease_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='recording',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='slidedeck',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='attempts'),
        ),
        migrations.AlterField(
            model_name='slidedeck',
            name='created_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='created at'),
        ),
        migrations.AlterField(
            model_name='slidedeck',
            name='lease_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='slidedeck',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='recording',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['state', 'id'], name='recording_not_done'),
        ),
        migrations.AddIndex(
            model_name='slidedeck',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['state', 'id'], name='slidedeck_not_done'),
        ),
        migrations.RunSQL(CONVERTED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='recording',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='live_recording_running_under_a_lease'),
        ),
        migrations.AddConstraint(
            model_name='recording',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ('waiting', 'running'))), models.Q(models.Q(('state__in', ('waiting', 'running')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='live_recording_finished_once_ended'),
        ),
        migrations.AddConstraint(
            model_name='recording',
            constraint=models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='live_recording_progress_to_100'),
        ),
        migrations.AddConstraint(
            model_name='slidedeck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='live_slidedeck_running_under_a_lease'),
        ),
        migrations.AddConstraint(
            model_name='slidedeck',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ('waiting', 'running'))), models.Q(models.Q(('state__in', ('waiting', 'running')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='live_slidedeck_finished_once_ended'),
        ),
        migrations.AddConstraint(
            model_name='slidedeck',
            constraint=models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='live_slidedeck_progress_to_100'),
        ),
        migrations.RemoveField(
            model_name='recording',
            name='failures',
        ),
    ]
