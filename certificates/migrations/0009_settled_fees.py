"""Fees that were paid or waived: a certificate with a fee is issued only on one of them, which triggers ask for."""

from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

SQL = (Path(__file__).parent / "sql" / "settled_fees.sql").read_text(encoding="utf-8")
FUNCTIONS = (
    "certificates_settled_fee_only_ends",
    "certificates_no_one_settles_their_own",
    "certificates_fee_was_settled",
    "certificates_copy_fee_was_settled",
)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_site_notices'),
        ('certificates', '0008_declined_notices'),
        ('courses', '0022_complaints'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SettledFee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_for', models.CharField(choices=[('issue', 'issue'), ('copy', 'copy'), ('renewal', 'renewal')], max_length=8, verbose_name='due for')),
                ('means', models.CharField(choices=[('cash_desk', 'paid at the cash desk'), ('electronic', 'electronic payment'), ('waiver', 'waived')], max_length=10, verbose_name='settled by')),
                ('number', models.CharField(blank=True, max_length=40, verbose_name='number of the receipt')),
                ('number_key', models.CharField(blank=True, editable=False, max_length=40)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8, verbose_name='amount in Egyptian pounds')),
                ('paid_on', models.DateField(verbose_name='date')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason of the waiver')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded at')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='issued at')),
                ('canceled_at', models.DateTimeField(blank=True, null=True, verbose_name='canceled at')),
                ('cancel_reason', models.CharField(blank=True, max_length=300, verbose_name='why it was canceled')),
            ],
            options={
                'verbose_name': 'settled fee',
                'verbose_name_plural': 'settled fees',
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.AlterField(
            model_name='proposalrow',
            name='state',
            field=models.CharField(choices=[('eligible', 'eligible'), ('blocked', 'blocked'), ('approved', 'approved'), ('returned', 'sent back'), ('unpaid', 'sent back: fee not received')], default='eligible', max_length=8, verbose_name='state'),
        ),
        migrations.AddIndex(
            model_name='proposalrow',
            index=models.Index(condition=models.Q(('state__in', ('eligible', 'unpaid'))), fields=['proposal'], name='proposal_row_waiting'),
        ),
        migrations.AddField(
            model_name='settledfee',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by'),
        ),
        migrations.AddField(
            model_name='settledfee',
            name='canceled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='canceled by'),
        ),
        migrations.AddField(
            model_name='settledfee',
            name='center',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='settled_fees', to='accounts.center', verbose_name='center'),
        ),
        migrations.AddField(
            model_name='settledfee',
            name='credential',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settled_fees', to='certificates.credential', verbose_name='certificate'),
        ),
        migrations.AddField(
            model_name='settledfee',
            name='enrollment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settled_fees', to='courses.enrollment', verbose_name='enrollment'),
        ),
        migrations.AddField(
            model_name='settledfee',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.credentialtype', verbose_name='kind of certificate'),
        ),
        migrations.AddField(
            model_name='copy',
            name='settled_fee',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issued_copy', to='certificates.settledfee', verbose_name='settled fee'),
        ),
        migrations.AddField(
            model_name='credential',
            name='settled_fee',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='issued_credential', to='certificates.settledfee', verbose_name='settled fee'),
        ),
        migrations.AddConstraint(
            model_name='settledfee',
            constraint=models.CheckConstraint(condition=models.Q(('enrollment__isnull', True), ('credential__isnull', True), _connector='XOR'), name='settled_fee_of_one_subject'),
        ),
        migrations.AddConstraint(
            model_name='settledfee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('means', 'waiver'), ('number', ''), ('number_key', ''), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('means', 'waiver'), _negated=True), models.Q(('number', ''), _negated=True), models.Q(('number_key', ''), _negated=True), ('reason', '')), _connector='OR'), name='settled_fee_has_a_number_or_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='settledfee',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='settled_fee_of_some_amount'),
        ),
        migrations.AddConstraint(
            model_name='settledfee',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cancel_reason', ''), ('canceled_at__isnull', True), ('canceled_by__isnull', True)), models.Q(('canceled_at__isnull', False), ('canceled_by__isnull', False), ('used_at__isnull', True), models.Q(('cancel_reason', ''), _negated=True)), _connector='OR'), name='settled_fee_canceled_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='settledfee',
            constraint=models.UniqueConstraint(condition=models.Q(('canceled_at__isnull', True), ('used_at__isnull', True)), fields=('enrollment', 'type', 'due_for'), name='settled_fee_once_for_an_enrollment'),
        ),
        migrations.AddConstraint(
            model_name='settledfee',
            constraint=models.UniqueConstraint(condition=models.Q(('canceled_at__isnull', True), ('used_at__isnull', True)), fields=('credential', 'type', 'due_for'), name='settled_fee_once_for_a_certificate'),
        ),
        migrations.AddConstraint(
            model_name='settledfee',
            constraint=models.UniqueConstraint(condition=models.Q(('canceled_at__isnull', True), ('means', 'cash_desk')), fields=('center', 'number_key'), name='receipt_counts_once'),
        ),
        migrations.AddConstraint(
            model_name='settledfee',
            constraint=models.UniqueConstraint(condition=models.Q(('canceled_at__isnull', True), ('means', 'electronic')), fields=('number_key',), name='electronic_payment_counts_once'),
        ),
        migrations.RunSQL(
            SQL,
            "DROP TRIGGER settled_fee_never_deleted ON certificates_settledfee;"
            f" DROP TRIGGER settledfee_never_emptied ON certificates_settledfee; DROP FUNCTION {', '.join(FUNCTIONS)} CASCADE",
        ),
    ]
