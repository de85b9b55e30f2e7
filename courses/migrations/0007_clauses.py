"""Rules ask by clauses; the scores of all attempts are kept; assessors record results in practical tasks.

Rules of before, which said it in columns, become lists that ask for the same.
"""

from pathlib import Path

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).parent / "sql"
CONVERTED = (SQL / "rules_as_clauses.sql").read_text(encoding="utf-8")
GUARDS = (SQL / "attempts_never_go_back.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0006_no_workflow_of_wagtail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PracticalResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task_code', models.CharField(max_length=40, verbose_name='practical task')),
                ('score', models.PositiveSmallIntegerField(validators=[django.core.validators.MaxValueValidator(100)], verbose_name='score, percent')),
                ('passed', models.BooleanField(verbose_name='passed')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='remark')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='assessed at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assessed by')),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='practical_results', to='courses.enrollment', verbose_name='enrollment')),
            ],
            options={
                'verbose_name': 'practical result',
                'verbose_name_plural': 'practical results',
                'ordering': ('-at', '-pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('score__lte', 100)), name='practical_result_is_a_percentage')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='completionrule',
            name='completion_rule_percent_at_most_100',
        ),
        migrations.AddField(
            model_name='completionrule',
            name='clauses',
            field=models.JSONField(default=list, verbose_name='what it asks for'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='scorecorrection',
            name='from_scores',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=2, max_digits=5), default=list, editable=False),
        ),
        migrations.AddField(
            model_name='unitprogress',
            name='scores',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=2, max_digits=5), default=list, editable=False),
        ),
        migrations.RunSQL(CONVERTED),
        migrations.AddConstraint(
            model_name='unitprogress',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('score__isnull', True), ('scores__len', 0)), models.Q(('score__isnull', False), ('scores__len__gt', 0)), _connector='OR'), name='progress_score_of_attempts'),
        ),
        migrations.RemoveField(
            model_name='completionrule',
            name='all_required_units',
        ),
        migrations.RemoveField(
            model_name='completionrule',
            name='attendance_percent',
        ),
        migrations.RemoveField(
            model_name='completionrule',
            name='score_percent',
        ),
        migrations.RunSQL(GUARDS),
    ]
