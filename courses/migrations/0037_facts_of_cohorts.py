"""Facts that papers print are fixed for each cohort. Cohorts that opened before get those of their day, where a revision shows them."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"
OF_OLD_COHORTS = (SQL / "facts_of_old_cohorts.sql").read_text(encoding="utf-8")
GUARDS = (SQL / "facts_are_kept.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ('courses', '0036_scores_of_attempts_are_corrected'),
        # Names of kinds and their rules are fixed, too.
        ('certificates', '0016_fee_notices_say_an_amount'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CohortFacts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('facts', models.JSONField(verbose_name='facts')),
                ('source', models.CharField(choices=[('opened', 'as published when the cohort opened'), ('upgrade', 'as of the upgrade, not of the day the cohort opened'), ('compared', 'as of the upgrade, compared by an officer'), ('corrected', 'corrected by the ministry')], max_length=9, verbose_name='source')),
                ('state', models.CharField(choices=[('waiting', 'waits for a second officer'), ('accepted', 'accepted'), ('refused', 'refused')], default='accepted', max_length=8, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facts', to='courses.cohort', verbose_name='cohort')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
            ],
            options={
                'verbose_name': 'facts of a cohort',
                'verbose_name_plural': 'facts of cohorts',
                'ordering': ('cohort_id', '-number'),
                'constraints': [models.UniqueConstraint(fields=('cohort', 'number'), name='cohort_facts_number_unique'), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('cohort',), name='cohort_facts_corrected_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('source', 'corrected'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='cohort_facts_corrected_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('source', 'corrected'), models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR')), models.Q(models.Q(('source', 'corrected'), _negated=True), ('decided_at', None), ('decided_by', None), ('state', 'accepted')), _connector='OR'), name='cohort_facts_corrected_by_two'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'accepted'), _negated=True), ('decided_by', None), models.Q(('decided_by', models.F('by')), _negated=True), _connector='OR'), name='cohort_facts_corrected_by_another_login')],
            },
        ),
        migrations.RunSQL(OF_OLD_COHORTS, migrations.RunSQL.noop),
        migrations.RunSQL(GUARDS, "DROP FUNCTION courses_facts_are_kept CASCADE"),
    ]
