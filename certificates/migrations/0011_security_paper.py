"""Numbered security paper: each sheet is delivered, used, spoiled or missing once, which triggers keep."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

SQL = (Path(__file__).parent / "sql" / "security_paper.sql").read_text(encoding="utf-8")
FUNCTIONS = (
    "certificates_sheet_only_ends",
    "certificates_sheet_of_its_delivery",
    "certificates_printed_on_own_sheet",
)
# Those of functions that other tables share.
TRIGGERS = (
    ("sheet_never_deleted", "certificates_sheet"),
    ("sheet_never_emptied", "certificates_sheet"),
    ("sheetdelivery_immutable", "certificates_sheetdelivery"),
    ("sheetdelivery_never_emptied", "certificates_sheetdelivery"),
)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_site_notices'),
        ('certificates', '0010_collected_papers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='credentialtype',
            name='needs_security_paper',
            field=models.BooleanField(default=False, help_text='Each printed certificate then names the sheet that it is on.', verbose_name='printed on numbered security paper'),
        ),
        migrations.AddField(
            model_name='credentialtype',
            name='shows_sheet',
            field=models.BooleanField(default=False, help_text='Anyone can then compare it with the paper.', verbose_name='the public page says the number of the sheet'),
        ),
        migrations.CreateModel(
            name='Sheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(blank=True, max_length=6, verbose_name='letters before the number')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('state', models.CharField(choices=[('free', 'in stock'), ('used', 'used'), ('spoiled', 'spoiled'), ('missing', 'missing')], default='free', max_length=7, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='spoiled or missing since')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='spoiled or missing, recorded by')),
            ],
            options={
                'verbose_name': 'sheet of security paper',
                'verbose_name_plural': 'sheets of security paper',
                'ordering': ('prefix', 'number'),
            },
        ),
        migrations.AddField(
            model_name='printout',
            name='sheet',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='printout', to='certificates.sheet', verbose_name='sheet'),
        ),
        migrations.CreateModel(
            name='SheetDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(blank=True, max_length=6, validators=[django.core.validators.RegexValidator('\\A[A-Z]*\\Z', 'Capital letters only, such as AB.')], verbose_name='letters before the number')),
                ('first', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='first number')),
                ('last', models.PositiveIntegerField(validators=[django.core.validators.MaxValueValidator(999999)], verbose_name='last number')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('received_by', models.CharField(max_length=160, verbose_name='taken in by')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('center', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheet_deliveries', to='accounts.center', verbose_name='center')),
            ],
            options={
                'verbose_name': 'delivery of security paper',
                'verbose_name_plural': 'deliveries of security paper',
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.AddField(
            model_name='sheet',
            name='delivery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='certificates.sheetdelivery', verbose_name='delivery'),
        ),
        migrations.AddConstraint(
            model_name='sheetdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('first__gte', 1), ('last__gte', models.F('first'))), name='sheet_delivery_of_some_sheets'),
        ),
        migrations.AddConstraint(
            model_name='sheetdelivery',
            constraint=models.CheckConstraint(condition=models.Q(('last__lt', django.db.models.expressions.CombinedExpression(models.F('first'), '+', models.Value(10000)))), name='sheet_delivery_not_too_many'),
        ),
        migrations.AddIndex(
            model_name='sheet',
            index=models.Index(condition=models.Q(('state', 'free')), fields=['delivery', 'prefix', 'number'], name='sheet_free'),
        ),
        migrations.AddConstraint(
            model_name='sheet',
            constraint=models.UniqueConstraint(fields=('prefix', 'number'), name='sheet_number_once'),
        ),
        migrations.AddConstraint(
            model_name='sheet',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), ('state__in', ('spoiled', 'missing')), models.Q(('reason', ''), _negated=True)), models.Q(('ended_at__isnull', True), ('reason', ''), ('state__in', ('free', 'used'))), _connector='OR'), name='sheet_ended_with_a_reason'),
        ),
        migrations.RunSQL(
            SQL,
            f"DROP FUNCTION {', '.join(FUNCTIONS)} CASCADE;"
            + "".join(f" DROP TRIGGER {trigger} ON {table};" for trigger, table in TRIGGERS),
        ),
    ]
