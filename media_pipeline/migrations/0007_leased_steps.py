"""Jobs become rows of steps. What was under way begins again, which costs time and nothing else."""

import django.db.models.deletion
from django.db import migrations, models


def let_go(apps, schema_editor):
    """Nobody works on jobs while a migration runs; those that ended say when."""
    TranscodeJob = apps.get_model("media_pipeline", "TranscodeJob")
    TranscodeJob.objects.filter(state="running").update(state="queued", percent=0)
    ended = TranscodeJob.objects.filter(finished_at__isnull=True).exclude(state="queued")
    ended.update(finished_at=models.F("created_at"))
    TranscodeJob.objects.filter(state="queued").update(finished_at=None)
    # A row that is written twice has its checks pending, and its table cannot change before they are made.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def add_first_steps(apps, schema_editor):
    TranscodeJob = apps.get_model("media_pipeline", "TranscodeJob")
    TranscodeStep = apps.get_model("media_pipeline", "TranscodeStep")
    for job in TranscodeJob.objects.filter(state="queued").select_related("video"):
        TranscodeStep.objects.create(job=job, center_id=job.video.center_id, kind="probe", phase=0)
        job.plan = None
        job.save(update_fields=["plan"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_governorates'),
        ('media_pipeline', '0006_uploads'),
    ]

    operations = [
        migrations.CreateModel(
            name='TranscodeStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('probe', 'reading the file'), ('analyze', 'looking at pictures and sound'), ('chunk', 'encoding a part'), ('sound', 'encoding the sound'), ('assemble', 'joining and checking')], max_length=10, verbose_name='kind')),
                ('phase', models.PositiveSmallIntegerField(verbose_name='phase')),
                ('number', models.PositiveIntegerField(default=0, verbose_name='number')),
                ('rank', models.FloatField(default=0)),
                ('cost', models.FloatField(default=0)),
                ('state', models.CharField(choices=[('waiting', 'waiting for a worker'), ('held', 'held back'), ('running', 'running'), ('done', 'done'), ('refused', 'refused'), ('quarantined', 'quarantined'), ('canceled', 'canceled')], default='waiting', max_length=12, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('fence', models.PositiveIntegerField(default=0)),
                ('lease_until', models.DateTimeField(null=True)),
                ('worker', models.CharField(blank=True, max_length=120, verbose_name='worker')),
                ('percent', models.PositiveSmallIntegerField(default=0, verbose_name='percent')),
                ('held_until', models.DateTimeField(null=True)),
                ('checkpoint', models.JSONField(editable=False, null=True)),
                ('error', models.TextField(blank=True, verbose_name='last error')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started at')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished at')),
            ],
            options={
                'verbose_name': 'step of a preparation',
                'verbose_name_plural': 'steps of preparations',
                'ordering': ('phase', 'kind', 'number'),
            },
        ),
        migrations.RemoveConstraint(
            model_name='transcodejob',
            name='video_has_one_live_job',
        ),
        migrations.RemoveConstraint(
            model_name='transcodejob',
            name='job_runs_under_a_lease',
        ),
        migrations.RemoveIndex(
            model_name='transcodejob',
            name='job_live_rung_at',
        ),
        migrations.RunPython(let_go, migrations.RunPython.noop),
        migrations.AddField(
            model_name='transcodejob',
            name='hold',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='transcodejob',
            name='is_redo',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='transcodejob',
            name='ladder',
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name='transcodejob',
            name='reserved_bytes',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='transcodejob',
            name='state',
            field=models.CharField(choices=[('queued', 'queued'), ('running', 'running'), ('held', 'waiting'), ('done', 'done'), ('refused', 'refused'), ('quarantined', 'quarantined'), ('canceled', 'canceled')], default='queued', max_length=12, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='transcodejob',
            index=models.Index(condition=models.Q(('state__in', ('queued', 'running', 'held'))), fields=['id'], name='job_live'),
        ),
        migrations.AddConstraint(
            model_name='transcodejob',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('queued', 'running', 'held'))), fields=('video',), name='video_has_one_live_job'),
        ),
        migrations.AddConstraint(
            model_name='transcodejob',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ('queued', 'running', 'held'))), models.Q(models.Q(('state__in', ('queued', 'running', 'held')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='job_ends_once_it_has_ended'),
        ),
        migrations.AddConstraint(
            model_name='transcodejob',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('queued', 'running', 'held')), ('reserved_bytes', 0), _connector='OR'), name='job_ended_reserves_nothing'),
        ),
        migrations.AddField(
            model_name='transcodestep',
            name='center',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.center'),
        ),
        migrations.AddField(
            model_name='transcodestep',
            name='job',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='media_pipeline.transcodejob'),
        ),
        migrations.RemoveField(
            model_name='transcodejob',
            name='attempts',
        ),
        migrations.RemoveField(
            model_name='transcodejob',
            name='fence',
        ),
        migrations.RemoveField(
            model_name='transcodejob',
            name='lease_until',
        ),
        migrations.RemoveField(
            model_name='transcodejob',
            name='rung_at',
        ),
        migrations.AddIndex(
            model_name='transcodestep',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['center', 'phase', 'rank', 'job', 'number'], name='step_claim'),
        ),
        migrations.AddIndex(
            model_name='transcodestep',
            index=models.Index(condition=models.Q(('state', 'running')), fields=['center', 'lease_until'], name='step_running'),
        ),
        migrations.AddIndex(
            model_name='transcodestep',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['job'], name='step_held'),
        ),
        migrations.AddConstraint(
            model_name='transcodestep',
            constraint=models.UniqueConstraint(fields=('job', 'phase', 'kind', 'number'), name='step_once'),
        ),
        migrations.AddConstraint(
            model_name='transcodestep',
            constraint=models.CheckConstraint(condition=models.Q(('phase__lte', 2)), name='step_is_of_a_phase'),
        ),
        migrations.AddConstraint(
            model_name='transcodestep',
            constraint=models.CheckConstraint(condition=models.Q(('percent__lte', 100)), name='step_percent_is_a_percent'),
        ),
        migrations.AddConstraint(
            model_name='transcodestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running'), models.Q(('worker', ''), _negated=True)), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='step_runs_under_a_lease'),
        ),
        migrations.AddConstraint(
            model_name='transcodestep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('checkpoint__isnull', False), ('finished_at__isnull', False)), _connector='OR'), name='step_done_left_a_checkpoint'),
        ),
        migrations.RunPython(add_first_steps, migrations.RunPython.noop),
    ]
