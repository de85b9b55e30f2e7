"""Keys of questions that were asked are corrected; a marked attempt changes with the row that says from what to what."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import jobs.models
from django.conf import settings
from django.db import migrations, models

KEPT = (Path(__file__).parent / "sql" / "corrected_marks.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_hand_overs_name_the_work'),
        ('assessment', '0013_drawn_papers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(choices=[('key', 'another key'), ('everybody', 'everybody gets its points'), ('no_one', 'it does not count')], max_length=10, verbose_name='from now on')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='corrected at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='corrected by')),
                ('to_version', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.questionversion')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='assessment.questionversion', verbose_name='question of a test')),
            ],
            options={
                'verbose_name': 'correction of a key',
                'verbose_name_plural': 'corrections of keys',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='AttemptCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.PositiveSmallIntegerField(verbose_name='question')),
                ('from_mark', models.DecimalField(decimal_places=4, max_digits=5, verbose_name='mark before')),
                ('to_mark', models.DecimalField(decimal_places=4, max_digits=5, verbose_name='mark after')),
                ('from_score', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='score before')),
                ('to_score', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='score after')),
                ('from_passed', models.BooleanField(verbose_name='passed before')),
                ('to_passed', models.BooleanField(verbose_name='passed after')),
                ('has_completed', models.BooleanField(default=False, verbose_name='completed')),
                ('has_document', models.BooleanField(default=False, verbose_name='certificate in force')),
                ('is_kept_by_hand', models.BooleanField(default=False, verbose_name='score set by a person')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='marked again at')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='assessment.attempt', verbose_name='attempt')),
                ('correction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='assessment.keycorrection', verbose_name='correction of a key')),
            ],
            options={
                'verbose_name': 'correction of an attempt',
                'verbose_name_plural': 'corrections of attempts',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='Regrade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused'), ('canceled', 'canceled')], default='waiting', max_length=8, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('fence', models.PositiveIntegerField(default=0, editable=False)),
                ('lease_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('due_at', models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='next attempt')),
                ('dispatched_at', models.DateTimeField(default=jobs.models.now, editable=False)),
                ('progress', models.PositiveSmallIntegerField(default=0, verbose_name='progress')),
                ('error', models.TextField(blank=True, verbose_name='error')),
                ('created_at', models.DateTimeField(default=jobs.models.now, editable=False, verbose_name='created at')),
                ('finished_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='finished at')),
                ('rule', models.CharField(choices=[('key', 'another key'), ('everybody', 'everybody gets its points'), ('no_one', 'it does not count')], max_length=10, verbose_name='from now on')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('phase', models.CharField(choices=[('preview', 'preview'), ('run', 'regrade')], default='preview', max_length=7, verbose_name='phase')),
                ('position', models.BigIntegerField(default=0, editable=False)),
                ('asked', models.PositiveIntegerField(default=0, verbose_name='attempts with this question')),
                ('changed', models.PositiveIntegerField(default=0, verbose_name='attempts that change')),
                ('now_passed', models.PositiveIntegerField(default=0, verbose_name='pass now')),
                ('now_failed', models.PositiveIntegerField(default=0, verbose_name='pass no more')),
                ('completed', models.PositiveIntegerField(default=0, verbose_name='of people who completed')),
                ('documented', models.PositiveIntegerField(default=0, verbose_name='of people with a certificate in force')),
                ('kept_by_hand', models.PositiveIntegerField(default=0, verbose_name='score set by a person, which stays')),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for at')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started at')),
                ('after', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.keycorrection')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
                ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                ('to_version', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.questionversion', verbose_name='with the other key')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='regrades', to='assessment.questionversion', verbose_name='question of a test')),
            ],
            options={
                'verbose_name': 'regrade',
                'verbose_name_plural': 'regrades',
                'ordering': ('-proposed_at', '-pk'),
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='keycorrection',
            name='regrade',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='correction', to='assessment.regrade', verbose_name='regrade'),
        ),
        migrations.CreateModel(
            name='RegradeLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_score', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='score before')),
                ('to_score', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='score after')),
                ('from_passed', models.BooleanField(verbose_name='passed before')),
                ('to_passed', models.BooleanField(verbose_name='passed after')),
                ('has_completed', models.BooleanField(default=False, verbose_name='completed')),
                ('has_document', models.BooleanField(default=False, verbose_name='certificate in force')),
                ('attempt', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.attempt', verbose_name='attempt')),
                ('regrade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='assessment.regrade', verbose_name='regrade')),
            ],
            options={
                'verbose_name': 'line of a regrade',
                'verbose_name_plural': 'lines of regrades',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='ScoreNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('shown', 'shown on the site'), ('dropped', 'no longer true'), ('unwanted', 'not wanted by the person'), ('failed', 'not delivered'), ('unreached', 'no way to reach the person')], default='waiting', max_length=9, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('correction', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='assessment.attemptcorrection', verbose_name='correction of an attempt')),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.delivery', verbose_name='delivery')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'notice of a corrected result',
                'verbose_name_plural': 'notices of corrected results',
                'ordering': ('pk',),
            },
        ),
        migrations.AddConstraint(
            model_name='attemptcorrection',
            constraint=models.UniqueConstraint(fields=('correction', 'attempt'), name='attempt_correction_once_per_correction'),
        ),
        migrations.AddIndex(
            model_name='regrade',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['state', 'id'], name='regrade_not_done'),
        ),
        migrations.AddConstraint(
            model_name='regrade',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='assessment_regrade_running_under_a_lease'),
        ),
        migrations.AddConstraint(
            model_name='regrade',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ('waiting', 'running'))), models.Q(models.Q(('state__in', ('waiting', 'running')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='assessment_regrade_finished_once_ended'),
        ),
        migrations.AddConstraint(
            model_name='regrade',
            constraint=models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='assessment_regrade_progress_to_100'),
        ),
        migrations.AddConstraint(
            model_name='regrade',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('phase', 'preview'), ('started_at', None), ('started_by', None)), models.Q(('phase', 'run'), ('started_at__isnull', False), ('started_by__isnull', False)), _connector='OR'), name='regrade_is_started_by_a_person'),
        ),
        migrations.AddConstraint(
            model_name='regrade',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('rule', 'key'), ('to_version__isnull', False)), models.Q(models.Q(('rule', 'key'), _negated=True), ('to_version', None)), _connector='OR'), name='regrade_has_a_key_where_it_needs_one'),
        ),
        migrations.AddConstraint(
            model_name='regradeline',
            constraint=models.UniqueConstraint(fields=('regrade', 'attempt'), name='regrade_line_once_per_attempt'),
        ),
        migrations.AddIndex(
            model_name='scorenotice',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='score_notice_waiting'),
        ),
        migrations.AddIndex(
            model_name='scorenotice',
            index=models.Index(condition=models.Q(('state__in', ('failed', 'unreached')), models.Q(('error', 'The short messages of this month are used up.'), ('state', 'shown')), _connector='OR'), fields=['id'], name='score_notice_untold'),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
