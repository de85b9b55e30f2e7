"""Questions of the bank, next to those of quiz pages."""

from pathlib import Path

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = (Path(__file__).parent / "sql" / "bank_of_questions.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_hand_overs_name_the_work'),
        ('assessment', '0011_kinds_with_parts_and_pictures'),
        ('courses', '0034_answers_to_objections_are_told'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='question',
            name='author',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author'),
        ),
        migrations.AddField(
            model_name='question',
            name='changed_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='changed at'),
        ),
        migrations.AddField(
            model_name='question',
            name='changed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by'),
        ),
        migrations.AddField(
            model_name='question',
            name='competence',
            field=models.CharField(blank=True, help_text='What who answers it can do.', max_length=200, verbose_name='competence'),
        ),
        migrations.AddField(
            model_name='question',
            name='difficulty',
            field=models.PositiveSmallIntegerField(default=3, help_text='From 1, easy, to 5, hard.', verbose_name='difficulty'),
        ),
        migrations.AddField(
            model_name='question',
            name='draft',
            field=models.JSONField(editable=False, null=True, verbose_name='draft'),
        ),
        migrations.AddField(
            model_name='question',
            name='folded',
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name='question',
            name='kind',
            field=models.CharField(blank=True, choices=[('single', 'one right answer'), ('multiple', 'several right answers'), ('true_false', 'true or false'), ('numeric', 'a number'), ('short_text', 'a word'), ('matching', 'pairs'), ('ordering', 'steps in order'), ('fill_in', 'gaps in a text'), ('hotspot', 'places on a picture')], editable=False, max_length=10, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='question',
            name='occupation',
            field=models.CharField(blank=True, max_length=8, verbose_name='occupation'),
        ),
        migrations.AddField(
            model_name='question',
            name='owner',
            field=models.ForeignKey(blank=True, help_text="The center whose question it is. Without one it is the ministry's: all centers ask it.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='accounts.center', verbose_name='owner'),
        ),
        migrations.AddField(
            model_name='question',
            name='published',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='assessment.questionversion', verbose_name='published version'),
        ),
        migrations.AddField(
            model_name='question',
            name='published_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='published at'),
        ),
        migrations.AddField(
            model_name='question',
            name='published_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='published by'),
        ),
        migrations.AddField(
            model_name='question',
            name='sent_back',
            field=models.TextField(blank=True, editable=False, verbose_name='what to change'),
        ),
        migrations.AddField(
            model_name='question',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('review', 'waits for review'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='draft', editable=False, max_length=10, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='question',
            name='submitted_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='submitted at'),
        ),
        migrations.AddField(
            model_name='question',
            name='tags',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, verbose_name='tags'),
        ),
        migrations.AddField(
            model_name='question',
            name='written_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='written at'),
        ),
        migrations.AlterField(
            model_name='question',
            name='block_id',
            field=models.CharField(blank=True, editable=False, max_length=36, verbose_name='block'),
        ),
        migrations.AlterField(
            model_name='question',
            name='quiz_key',
            field=models.UUIDField(editable=False, null=True, verbose_name='quiz'),
        ),
        migrations.AddIndex(
            model_name='attempt',
            index=django.contrib.postgres.indexes.GinIndex(fields=['versions'], name='attempt_by_versions'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('quiz_key', None)), fields=['tags'], name='question_by_tags'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('folded', config='simple'), condition=models.Q(('quiz_key', None)), name='question_by_words'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('quiz_key', None)), fields=['owner', '-id'], name='question_by_owner'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('quiz_key', None)), fields=['state', '-id'], name='question_by_state'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('quiz_key', None)), fields=['kind', '-id'], name='question_by_kind'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('quiz_key', None)), fields=['occupation', '-id'], name='question_by_occupation'),
        ),
        migrations.AddIndex(
            model_name='question',
            index=models.Index(condition=models.Q(('state', 'review')), fields=['submitted_at', 'id'], name='question_in_review'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('author__isnull', False), ('changed_by__isnull', False), ('draft__isnull', False), ('quiz_key', None), models.Q(('kind', ''), _negated=True)), models.Q(('author', None), ('draft__isnull', True), ('owner', None), ('published', None), ('quiz_key__isnull', False)), _connector='OR'), name='question_is_of_a_quiz_or_of_the_bank'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('author', models.F('published_by')), _negated=True), name='question_published_by_another_person'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published', None), ('published_at', None), ('published_by', None), models.Q(('state', 'published'), _negated=True)), models.Q(('published__isnull', False), ('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='question_published_has_a_version'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('difficulty__range', (1, 5))), name='question_difficulty_in_range'),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
