"""Proofs are leased jobs."""

import jobs.models
from django.db import migrations, models

# Rows of before: what ended gets a time, what was being done is done again.
CONVERTED = """
UPDATE certificates_proofjob SET state = 'waiting', lease_until = NULL WHERE state NOT IN ('done', 'failed', 'refused');
UPDATE certificates_proofjob SET lease_until = NULL, finished_at = now() WHERE state IN ('done', 'failed', 'refused');
-- What is checked at the end of a transaction is checked now: a table with events to come cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0033_words_of_proposals'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='proofjob',
            name='proof_job_open',
        ),
        migrations.AddField(
            model_name='proofjob',
            name='created_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='created at'),
        ),
        migrations.AddField(
            model_name='proofjob',
            name='dispatched_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False),
        ),
        migrations.AddField(
            model_name='proofjob',
            name='due_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='next attempt'),
        ),
        migrations.AddField(
            model_name='proofjob',
            name='fence',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='proofjob',
            name='finished_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='finished at'),
        ),
        migrations.AddField(
            model_name='proofjob',
            name='progress',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='progress'),
        ),
        migrations.AlterField(
            model_name='proofjob',
            name='lease_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='proofjob',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='proofjob',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['state', 'id'], name='proofjob_not_done'),
        ),
        migrations.RunSQL(CONVERTED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='proofjob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='certificates_proofjob_running_under_a_lease'),
        ),
        migrations.AddConstraint(
            model_name='proofjob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ('waiting', 'running'))), models.Q(models.Q(('state__in', ('waiting', 'running')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='certificates_proofjob_finished_once_ended'),
        ),
        migrations.AddConstraint(
            model_name='proofjob',
            constraint=models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='certificates_proofjob_progress_to_100'),
        ),
        migrations.RemoveField(
            model_name='proofjob',
            name='asked_at',
        ),
    ]
