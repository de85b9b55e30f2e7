"""Attempts that wait for a person who marks them; marks that a person corrects."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BY_HAND = (Path(__file__).parent / "sql" / "marks_by_hand.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0014_corrected_keys'),
        ('courses', '0036_scores_of_attempts_are_corrected'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='attempt',
            name='attempt_marked_iff_scored',
        ),
        migrations.AddField(
            model_name='attemptcorrection',
            name='by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='corrected by'),
        ),
        migrations.AddField(
            model_name='attemptcorrection',
            name='cause',
            field=models.CharField(choices=[('key', 'a wrong answer key'), ('late', 'late answers were counted'), ('appeal', 'an appeal')], default='key', max_length=10, verbose_name='cause'),
        ),
        migrations.AddField(
            model_name='attemptcorrection',
            name='reason',
            field=models.CharField(blank=True, max_length=200, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='answer',
            name='mark',
            field=models.DecimalField(decimal_places=4, max_digits=5, null=True, verbose_name='mark'),
        ),
        migrations.AlterField(
            model_name='attempt',
            name='state',
            field=models.CharField(choices=[('open', 'open'), ('awaiting', 'waits for marks'), ('marked', 'marked')], default='open', max_length=10, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='attemptcorrection',
            name='correction',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='assessment.keycorrection', verbose_name='correction of a key'),
        ),
        migrations.AlterField(
            model_name='question',
            name='kind',
            field=models.CharField(blank=True, choices=[('single', 'one right answer'), ('multiple', 'several right answers'), ('true_false', 'true or false'), ('numeric', 'a number'), ('short_text', 'a word'), ('matching', 'pairs'), ('ordering', 'steps in order'), ('fill_in', 'gaps in a text'), ('hotspot', 'places on a picture'), ('essay', 'a text, marked by a person'), ('files', 'files, marked by a person')], editable=False, max_length=10, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='questionversion',
            name='kind',
            field=models.CharField(choices=[('single', 'one right answer'), ('multiple', 'several right answers'), ('true_false', 'true or false'), ('numeric', 'a number'), ('short_text', 'a word'), ('matching', 'pairs'), ('ordering', 'steps in order'), ('fill_in', 'gaps in a text'), ('hotspot', 'places on a picture'), ('essay', 'a text, marked by a person'), ('files', 'files, marked by a person')], max_length=10, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('marked_at__isnull', True), ('passed__isnull', True), ('score__isnull', True), ('state__in', ('open', 'awaiting'))), models.Q(('marked_at__isnull', False), ('passed__isnull', False), ('score__isnull', False), ('state', 'marked')), _connector='OR'), name='attempt_marked_iff_scored'),
        ),
        migrations.AddConstraint(
            model_name='attemptcorrection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by', None), ('cause', 'key'), ('correction__isnull', False), ('reason', '')), models.Q(models.Q(('cause', 'key'), _negated=True), ('by__isnull', False), ('correction', None), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='attempt_correction_is_of_a_key_or_by_a_person'),
        ),
        migrations.RunSQL(BY_HAND, migrations.RunSQL.noop),
    ]
