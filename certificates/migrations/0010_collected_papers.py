"""Printed certificates and who collected them: rows that are never changed, only ended or undone once."""

from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

SQL = (Path(__file__).parent / "sql" / "collected_papers.sql").read_text(encoding="utf-8")
FUNCTIONS = (
    "certificates_printout_only_ends",
    "certificates_collection_only_undone",
    "certificates_collection_of_a_paper",
)
SHARED = {"printout": "certificates_printout", "collection": "certificates_collection"}


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0009_settled_fees'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('issued', 'issued'), ('printed', 'can be collected'), ('collected', 'collected by a representative'), ('ends_90', 'ends in 90 days'), ('ends_30', 'ends in 30 days'), ('ends_7', 'ends in 7 days')], max_length=10, verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='Printout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('printed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='printed at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='spoiled at')),
                ('end_reason', models.CharField(blank=True, max_length=300, verbose_name='why it does not count')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('copy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='printouts', to='certificates.copy', verbose_name='copy')),
                ('credential', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='printouts', to='certificates.credential', verbose_name='certificate')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='spoiled, recorded by')),
            ],
            options={
                'verbose_name': 'printed certificate',
                'verbose_name_plural': 'printed certificates',
                'ordering': ('printed_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_holder', models.BooleanField(verbose_name='collected in person')),
                ('document_kind', models.CharField(choices=[('national_id', 'national ID'), ('passport', 'passport')], max_length=12, verbose_name='identity document')),
                ('name', models.CharField(blank=True, max_length=160, verbose_name='name of the representative')),
                ('document_last4', models.CharField(blank=True, max_length=4, verbose_name='last four signs of the document')),
                ('authority', models.CharField(blank=True, max_length=300, verbose_name='power of attorney, or other reason')),
                ('collected_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='collected at')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone at')),
                ('undo_reason', models.CharField(blank=True, max_length=300, verbose_name='why it was undone')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handed out by')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by')),
                ('printout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collections', to='certificates.printout', verbose_name='printed certificate')),
            ],
            options={
                'verbose_name': 'collected certificate',
                'verbose_name_plural': 'collected certificates',
                'ordering': ('-collected_at', '-pk'),
            },
        ),
        migrations.AddIndex(
            model_name='printout',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['printed_at'], name='printout_by_day'),
        ),
        migrations.AddConstraint(
            model_name='printout',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('credential', 'copy'), name='printout_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='printout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='printout_ended_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('printout',), name='printout_collected_once'),
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('authority', ''), ('by_holder', True), ('document_last4', ''), ('name', '')), models.Q(('by_holder', False), models.Q(('name', ''), _negated=True), models.Q(('document_last4', ''), _negated=True), models.Q(('authority', ''), _negated=True)), _connector='OR'), name='collection_says_who_it_was'),
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('undo_reason', ''), ('undone_at__isnull', True), ('undone_by__isnull', True)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False), models.Q(('undo_reason', ''), _negated=True)), _connector='OR'), name='collection_undone_with_a_reason'),
        ),
        migrations.RunSQL(
            SQL,
            f"DROP FUNCTION {', '.join(FUNCTIONS)} CASCADE;"
            + "".join(
                f" DROP TRIGGER {name}_never_{verb} ON {table};"
                for name, table in SHARED.items()
                for verb in ("deleted", "emptied")
            ),
        ),
    ]
