"""Rules of issuing ask by clauses, too. Those of before become lists that ask for the same."""

from pathlib import Path

from django.db import migrations, models

CONVERTED = (Path(__file__).parent / "sql" / "rules_as_clauses.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("certificates", "0003_reference_data")]

    operations = [
        migrations.RemoveConstraint(
            model_name='issuingrule',
            name='issuing_rule_percent_at_most_100',
        ),
        migrations.AddField(
            model_name='issuingrule',
            name='clauses',
            field=models.JSONField(default=list, verbose_name='what it asks of the evidence'),
        ),
        migrations.RunSQL(CONVERTED),
        migrations.RemoveField(
            model_name='issuingrule',
            name='attendance_percent',
        ),
        migrations.RemoveField(
            model_name='issuingrule',
            name='score_percent',
        ),
    ]
