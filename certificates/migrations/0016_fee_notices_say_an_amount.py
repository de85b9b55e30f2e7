"""A person may be told of a fee again: where another amount is due by then, or nothing."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

AMOUNTS = (Path(__file__).parent / "sql" / "amounts_of_fee_notices.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0015_paper_that_runs_out'),
    ]

    operations = [
        migrations.AlterField(
            model_name='feenotice',
            name='row',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='fee_notices', to='certificates.proposalrow', verbose_name='proposed person'),
        ),
        migrations.AddField(
            model_name='feenotice',
            name='number',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='number'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='feenotice',
            name='amount',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=8, verbose_name='amount in Egyptian pounds'),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name='feenotice',
            constraint=models.UniqueConstraint(fields=('row', 'number'), name='fee_notice_once'),
        ),
        migrations.RunSQL(AMOUNTS, migrations.RunSQL.noop),
    ]
