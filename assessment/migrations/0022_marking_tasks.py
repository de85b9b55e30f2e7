"""Answers that people mark: what waits, the marks, and the notices of results."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


KEPT = (Path(__file__).parent / "sql" / "marking_tasks.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_hand_overs_name_the_work'),
        ('assessment', '0021_questions_from_files'),
        ('courses', '0036_scores_of_attempts_are_corrected'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='quizpage',
            name='mark_tolerance',
            field=models.PositiveSmallIntegerField(default=10, help_text='Two marks that differ by no more are averaged. Beyond that a third person decides, who sees both.', validators=[django.core.validators.MaxValueValidator(100)], verbose_name='tolerance, percent of the points'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='near_points',
            field=models.PositiveSmallIntegerField(default=5, help_text='How far the score by the first marks may be above or below it.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='near the pass mark, percent points'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='second_marking',
            field=models.CharField(choices=[('none', 'none'), ('all', 'all of them'), ('sample', 'a sample'), ('near', 'where the score is near the pass mark')], default='none', help_text='Of answers that a person marks. The second person sees neither whose answer it is nor that it was marked before.', max_length=6, verbose_name='a second mark'),
        ),
        migrations.AddField(
            model_name='quizpage',
            name='second_percent',
            field=models.PositiveSmallIntegerField(default=20, help_text='Which answers are in it is drawn for each attempt; no person chooses.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='size of the sample, percent'),
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.CharField(choices=[('first', 'first mark'), ('second', 'second mark'), ('moderation', 'decision')], max_length=10, verbose_name='round')),
                ('edition', models.PositiveSmallIntegerField(default=1, verbose_name='edition')),
                ('earned', models.DecimalField(decimal_places=2, max_digits=7, verbose_name='points')),
                ('most', models.PositiveIntegerField(verbose_name='points of the question')),
                ('levels', models.JSONField(default=dict, verbose_name='levels of the rubric')),
                ('comment', models.TextField(blank=True, verbose_name='comment to the trainee')),
                ('points', models.JSONField(default=list, verbose_name='comments on files')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='marked at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='marked by')),
            ],
            options={
                'verbose_name': 'mark of an answer',
                'verbose_name_plural': 'marks of answers',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='FeedbackFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('picture', 'picture'), ('pdf', 'PDF')], max_length=10, verbose_name='kind')),
                ('pages', models.PositiveSmallIntegerField(default=1, verbose_name='pages')),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
                ('sha256', models.CharField(editable=False, max_length=64)),
                ('path', models.CharField(editable=False, max_length=120, unique=True, verbose_name='file')),
                ('mark', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='assessment.mark', verbose_name='mark of an answer')),
            ],
            options={
                'verbose_name': 'file of a marker',
                'verbose_name_plural': 'files of markers',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='MarkingTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.PositiveSmallIntegerField(verbose_name='question')),
                ('code', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('first', 'waits for its first mark'), ('second', 'waits for its second mark'), ('moderation', 'waits for a decision'), ('done', 'marked')], default='first', max_length=10, verbose_name='state')),
                ('rule', models.CharField(choices=[('none', 'none'), ('all', 'all of them'), ('sample', 'a sample'), ('near', 'where the score is near the pass mark')], default='none', max_length=6, verbose_name='second marking')),
                ('is_second_wanted', models.BooleanField(default=False, verbose_name='marked twice')),
                ('tolerance', models.PositiveSmallIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(100)], verbose_name='tolerance, percent')),
                ('margin', models.PositiveSmallIntegerField(default=0, verbose_name='near the pass mark, percent points')),
                ('claimed_until', models.DateTimeField(blank=True, editable=False, null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='waits since')),
                ('attempt', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='marking_tasks', to='assessment.attempt', verbose_name='attempt')),
                ('center', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.center', verbose_name='center')),
                ('claimed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cohort', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.cohort', verbose_name='cohort')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='marking_tasks', to='assessment.questionversion', verbose_name='question of a test')),
            ],
            options={
                'verbose_name': 'answer to mark',
                'verbose_name_plural': 'answers to mark',
                'ordering': ('pk',),
            },
        ),
        migrations.AddField(
            model_name='mark',
            name='task',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='marks', to='assessment.markingtask', verbose_name='answer to mark'),
        ),
        migrations.CreateModel(
            name='ResultNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('shown', 'shown on the site'), ('dropped', 'no longer true'), ('unwanted', 'not wanted by the person'), ('failed', 'not delivered'), ('unreached', 'no way to reach the person')], default='waiting', max_length=9, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('attempt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='result_notice', to='assessment.attempt', verbose_name='attempt')),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.delivery', verbose_name='delivery')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'notice of a result',
                'verbose_name_plural': 'notices of results',
                'ordering': ('pk',),
            },
        ),
        migrations.AddIndex(
            model_name='markingtask',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['center', 'version'], name='marking_waiting'),
        ),
        migrations.AddConstraint(
            model_name='markingtask',
            constraint=models.UniqueConstraint(fields=('attempt', 'slot'), name='marking_task_once_per_answer'),
        ),
        migrations.AddConstraint(
            model_name='markingtask',
            constraint=models.CheckConstraint(condition=models.Q(('margin__lte', 100), ('tolerance__lte', 100)), name='marking_task_has_percents'),
        ),
        migrations.AddConstraint(
            model_name='markingtask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('claimed_by', None), ('claimed_until', None)), models.Q(('claimed_by__isnull', False), ('claimed_until__isnull', False)), _connector='OR'), name='marking_task_is_claimed_until'),
        ),
        migrations.AddConstraint(
            model_name='markingtask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('second', 'moderation')), _negated=True), ('is_second_wanted', True), _connector='OR'), name='marking_task_second_is_wanted'),
        ),
        migrations.AddIndex(
            model_name='mark',
            index=models.Index(fields=['by', '-id'], name='mark_by_marker'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.UniqueConstraint(fields=('task', 'round', 'edition'), name='mark_once_per_edition'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('earned__gte', 0), ('earned__lte', models.F('most')), ('most__gt', 0)), name='mark_is_a_share'),
        ),
        migrations.AddIndex(
            model_name='resultnotice',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='result_notice_waiting'),
        ),
        migrations.AddIndex(
            model_name='resultnotice',
            index=models.Index(condition=models.Q(('state__in', ('failed', 'unreached')), models.Q(('error', 'The short messages of this month are used up.'), ('state', 'shown')), _connector='OR'), fields=['id'], name='result_notice_untold'),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
