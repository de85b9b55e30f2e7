"""Deliveries of webhooks are leased jobs."""

import jobs.models
from django.db import migrations, models

# Rows of before: what ended gets a time, what was being done is done again.
CONVERTED = """
UPDATE certificates_webhookdelivery SET state = 'done' WHERE state = 'delivered';
UPDATE certificates_webhookdelivery SET state = 'failed' WHERE state = 'dead';
UPDATE certificates_webhookdelivery SET state = 'waiting', lease_until = NULL WHERE state NOT IN ('done', 'failed', 'refused');
UPDATE certificates_webhookdelivery SET lease_until = NULL, finished_at = now() WHERE state IN ('done', 'failed', 'refused');
-- What is checked at the end of a transaction is checked now: a table with events to come cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0035_leased_drawings_and_bundles'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='webhookdelivery',
            name='webhook_delivery_open',
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='created_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='created at'),
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='dispatched_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False),
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='due_at',
            field=models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='next attempt'),
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='fence',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='finished_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='finished at'),
        ),
        migrations.AddField(
            model_name='webhookdelivery',
            name='progress',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='progress'),
        ),
        migrations.AlterField(
            model_name='webhookdelivery',
            name='error',
            field=models.TextField(blank=True, verbose_name='error'),
        ),
        migrations.AlterField(
            model_name='webhookdelivery',
            name='lease_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='webhookdelivery',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['state', 'id'], name='webhookdelivery_not_done'),
        ),
        migrations.AddIndex(
            model_name='webhookdelivery',
            index=models.Index(condition=models.Q(('state__in', ('waiting', 'running'))), fields=['webhook', 'due_at'], name='webhook_delivery_open'),
        ),
        migrations.RunSQL(CONVERTED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='certificates_webhookdelivery_running_under_a_lease'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ('waiting', 'running'))), models.Q(models.Q(('state__in', ('waiting', 'running')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='certificates_webhookdelivery_finished_once_ended'),
        ),
        migrations.AddConstraint(
            model_name='webhookdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='certificates_webhookdelivery_progress_to_100'),
        ),
        migrations.RemoveField(
            model_name='webhookdelivery',
            name='delivered_at',
        ),
        migrations.RemoveField(
            model_name='webhookdelivery',
            name='next_at',
        ),
    ]
