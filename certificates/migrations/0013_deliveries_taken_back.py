"""Deliveries of security paper that were recorded by mistake: their sheets leave the stock, and their numbers may come again."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models

FOLDER = Path(__file__).parent / "sql"
SQL = (FOLDER / "deliveries_taken_back.sql").read_text(encoding="utf-8")


def as_before() -> str:
    """The function as the migration before wrote it."""
    before = (FOLDER / "security_paper.sql").read_text(encoding="utf-8")
    first = before[: before.index("CREATE TRIGGER")]
    return first.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0012_fee_notices'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='sheet',
            name='sheet_number_once',
        ),
        migrations.RemoveConstraint(
            model_name='sheet',
            name='sheet_ended_with_a_reason',
        ),
        migrations.AlterField(
            model_name='sheet',
            name='state',
            field=models.CharField(choices=[('free', 'in stock'), ('used', 'used'), ('spoiled', 'spoiled'), ('missing', 'missing'), ('mistake', 'recorded by mistake')], default='free', max_length=7, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='sheet',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'mistake'), _negated=True), fields=('prefix', 'number'), name='sheet_number_once'),
        ),
        migrations.AddConstraint(
            model_name='sheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('state__in', ('spoiled', 'missing', 'mistake')), models.Q(('reason', ''), _negated=True)), models.Q(('ended_at__isnull', True), ('reason', ''), ('state__in', ('free', 'used'))), _connector='OR'), name='sheet_ended_with_a_reason'),
        ),
        migrations.RunSQL(SQL, as_before()),
    ]
