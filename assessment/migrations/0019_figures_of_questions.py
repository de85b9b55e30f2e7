"""Figures of questions that take too long for a request, and questions that stay in spite of theirs."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
import jobs.models
from django.conf import settings
from django.db import migrations, models

KEPT = (Path(__file__).parent / "sql" / "kept_versions.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_hand_overs_name_the_work'),
        ('assessment', '0018_answer_files_are_kept'),
        ('courses', '0036_scores_of_attempts_are_corrected'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ItemAnalysis',
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
                ('quiz_key', models.UUIDField(editable=False, null=True, verbose_name='test')),
                ('year', models.PositiveSmallIntegerField(editable=False, null=True, verbose_name='year')),
                ('as_of', models.DateTimeField(editable=False, null=True, verbose_name='as of')),
                ('first_attempts', models.PositiveIntegerField(default=0, editable=False, verbose_name='first attempts')),
                ('reliability', models.JSONField(editable=False, null=True, verbose_name='reliability')),
                ('center', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.center', verbose_name='center')),
                ('cohort', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.cohort', verbose_name='cohort')),
                ('program', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.programpage', verbose_name='program')),
                ('question', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='analyses', to='assessment.question', verbose_name='question of a test')),
            ],
            options={
                'verbose_name': 'analysis of questions',
                'verbose_name_plural': 'analyses of questions',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ItemFigures',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveIntegerField(verbose_name='first attempts')),
                ('facility', models.FloatField(null=True, verbose_name='facility')),
                ('deviation', models.FloatField(null=True, verbose_name='standard deviation')),
                ('discrimination', models.FloatField(null=True, verbose_name='discrimination')),
                ('index', models.FloatField(null=True, verbose_name='index of discrimination')),
                ('answers', models.JSONField(default=list, verbose_name='answers')),
                ('others', models.PositiveIntegerField(default=0, verbose_name='other answers')),
                ('analysis', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='assessment.itemanalysis', verbose_name='analysis of questions')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='assessment.questionversion', verbose_name='question of a test')),
            ],
            options={
                'verbose_name': 'figures of a question',
                'verbose_name_plural': 'figures of questions',
                'ordering': ('analysis', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='KeptVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('discrimination', models.FloatField(verbose_name='discrimination')),
                ('n', models.PositiveIntegerField(verbose_name='first attempts')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kept', to='assessment.questionversion', verbose_name='question of a test')),
            ],
            options={
                'verbose_name': 'question that stays',
                'verbose_name_plural': 'questions that stay',
                'ordering': ('pk',),
            },
        ),
        migrations.AddIndex(
            model_name='itemanalysis',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['state', 'id'], name='itemanalysis_not_done'),
        ),
        migrations.AddConstraint(
            model_name='itemanalysis',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lease_until__isnull', False), ('state', 'running')), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_until__isnull', True)), _connector='OR'), name='assessment_itemanalysis_running_under_a_lease'),
        ),
        migrations.AddConstraint(
            model_name='itemanalysis',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at__isnull', True), ('state__in', ('waiting', 'running'))), models.Q(models.Q(('state__in', ('waiting', 'running')), _negated=True), ('finished_at__isnull', False)), _connector='OR'), name='assessment_itemanalysis_finished_once_ended'),
        ),
        migrations.AddConstraint(
            model_name='itemanalysis',
            constraint=models.CheckConstraint(condition=models.Q(('progress__lte', 100)), name='assessment_itemanalysis_progress_to_100'),
        ),
        migrations.AddConstraint(
            model_name='itemanalysis',
            constraint=models.UniqueConstraint(fields=('quiz_key', 'question', 'center', 'program', 'cohort', 'year'), name='item_analysis_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='itemanalysis',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('question__isnull', False), ('quiz_key', None)), models.Q(('question', None), ('quiz_key__isnull', False)), _connector='OR'), name='item_analysis_of_a_test_or_a_question'),
        ),
        migrations.AddIndex(
            model_name='itemfigures',
            index=models.Index(condition=models.Q(('discrimination__lt', 0)), fields=['version'], name='item_figures_negative'),
        ),
        migrations.AddConstraint(
            model_name='itemfigures',
            constraint=models.UniqueConstraint(fields=('analysis', 'version'), name='item_figures_once_per_version'),
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER kept_version_is_kept ON assessment_keptversion"),
    ]
