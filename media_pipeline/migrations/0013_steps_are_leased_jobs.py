"""Steps of preparations are leased jobs."""

import jobs.models
from django.db import migrations, models

# Rows of before: what was being done is done again; what waited for room on the disk waits for it still.
CONVERTED = """
UPDATE media_pipeline_transcodestep step SET state = 'waiting', lease_until = NULL, finished_at = NULL,
    due_at = CASE WHEN step.state = 'held' AND step.held_until IS NULL THEN now() + interval '3650 days' ELSE now() END
    WHERE state IN ('waiting', 'held', 'running');
UPDATE media_pipeline_transcodestep SET state = 'failed' WHERE state = 'quarantined';
UPDATE media_pipeline_transcodestep SET finished_at = coalesce(finished_at, now()) WHERE state <> 'waiting';
UPDATE media_pipeline_transcodestep step SET created_at = job.created_at
    FROM media_pipeline_transcodejob job WHERE job.id = step.job_id;
-- What is checked at the end of a transaction is checked now: a table with events to come cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0016_names_of_log_entries'),
        ('media_pipeline', '0012_leased_transcriptions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='transcodestep',
            name='step_percent_is_a_percent',
        ),
        migrations.RemoveConstraint(
            model_name='transcodestep',
            name='step_runs_under_a_lease',
        ),
        migrations.RemoveConstraint(
            model_name='transcodestep',
            name='step_done_left_a_checkpoint',
        ),
        migrations.RemoveIndex(
            model_name='transcodestep',
            name='step_claim',
        ),
        migrations.RemoveIndex(
            model_name='transcodestep',
            name='step_held',
        ),
        migrations.AddField(
            model_name='transcodestep',
            name='created_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='created at'),
        ),
        migrations.AddField(
            model_name='transcodestep',
            name='dispatched_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False),
        ),
        migrations.AddField(
            model_name='transcodestep',
            name='due_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='next attempt'),
        ),
        migrations.RenameField(model_name='transcodestep', old_name='percent', new_name='progress'),
        migrations.AlterField(
            model_name='transcodestep',
            name='progress',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='progress'),
        ),
        migrations.RenameField(model_name='upload', old_name='rung_at', new_name='dispatched_at'),
        migrations.RunSQL(CONVERTED, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='transcodestep',
            name='error',
            field=models.TextField(blank=True, verbose_name='error'),
        ),
        migrations.AlterField(
            model_name='transcodestep',
            name='fence',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='transcodestep',
            name='finished_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='finished at'),
        ),
        migrations.AlterField(
            model_name='transcodestep',
            name='lease_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='transcodestep',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused'), ('canceled', 'canceled')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='transcription',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused'), ('canceled', 'canceled')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='transcodestep',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['state', 'id'], name='transcodestep_not_done'),
        ),
        migrations.AddIndex(
            model_name='transcodestep',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['center', 'phase', 'rank', 'job', 'number', 'due_at'], name='step_lease'),
        ),
        migrations.AddConstraint(
            model_name='transcodestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='media_pipeline_transcodestep_running_under_a_lease'),
        ),
        migrations.AddConstraint(
            model_name='transcodestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ('waiting', 'running'))), models.Q(models.Q(('state__in', ('waiting', 'running')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='media_pipeline_transcodestep_finished_once_ended'),
        ),
        migrations.AddConstraint(
            model_name='transcodestep',
            constraint=models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='media_pipeline_transcodestep_progress_to_100'),
        ),
        migrations.AddConstraint(
            model_name='transcodestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('checkpoint__isnull', False), _connector='OR'), name='step_done_left_a_checkpoint'),
        ),
        migrations.RemoveField(
            model_name='transcodestep',
            name='held_until',
        ),
    ]
