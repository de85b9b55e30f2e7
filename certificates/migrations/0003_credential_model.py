"""Kinds of certificates and their rules, copies, corrections, renewals: new tables and columns, still empty."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


DROP = "DROP TRIGGER credential_only_ends ON certificates_credential"
CREATE = """
CREATE OR REPLACE FUNCTION certificates_only_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'is_live' IS DISTINCT FROM to_jsonb(OLD) - 'is_live' OR (NEW.is_live AND NOT OLD.is_live) THEN
        RAISE EXCEPTION 'a certificate is never changed, only ended' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER credential_only_ends BEFORE UPDATE ON certificates_credential
    FOR EACH ROW EXECUTE FUNCTION certificates_only_end();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_inspectors'),
        ('certificates', '0002_immutable_rows'),
        ('courses', '0005_skill_levels'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # A state takes the place of is_live; 0005 guards it again.
        migrations.RunSQL(DROP, CREATE),
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='copy number')),
                ('reason', models.CharField(choices=[('issued_in_error', 'issued in error'), ('name_corrected', 'the name had to be corrected'), ('facts_corrected', 'what it said had to be corrected'), ('fraud', 'obtained by fraud'), ('withdrawn_by_authority', 'withdrawn by the authority'), ('court_order', 'by order of a court'), ('under_investigation', 'under investigation'), ('conditions_not_met', 'its conditions are no longer met'), ('lost', 'the paper was lost'), ('damaged', 'the paper was damaged')], max_length=24, verbose_name='reason')),
                ('fee', models.DecimalField(decimal_places=2, default=0, max_digits=8, verbose_name='fee in Egyptian pounds')),
                ('issued_on', models.DateField(verbose_name='issued on')),
            ],
            options={
                'verbose_name': 'copy',
                'verbose_name_plural': 'copies',
                'ordering': ('credential_id', 'number'),
            },
        ),
        migrations.CreateModel(
            name='CredentialType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('kind', models.CharField(choices=[('completion', 'completion'), ('skill_level', 'skill level'), ('licence', 'licence to practise'), ('supplement', 'supplement'), ('attendance', 'attendance')], max_length=12, verbose_name='kind')),
                ('name_ar', models.CharField(max_length=80, verbose_name='Arabic name')),
                ('name_en', models.CharField(max_length=80, verbose_name='English name')),
                ('number_prefix', models.CharField(blank=True, help_text='Stands before the running number, e.g. LC- in CAI-03/2026/LC-000012.', max_length=6, unique=True, validators=[django.core.validators.RegexValidator('\\A([A-Z]+-)?\\Z', 'Capital letters and a hyphen, such as LC-.')], verbose_name='prefix of numbers')),
                ('is_active', models.BooleanField(default=True, verbose_name='may be proposed')),
            ],
            options={
                'verbose_name': 'kind of certificate',
                'verbose_name_plural': 'kinds of certificates',
                'ordering': ('kind', 'code'),
            },
        ),
        migrations.CreateModel(
            name='Fee',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_for', models.CharField(choices=[('issue', 'issue'), ('copy', 'copy'), ('renewal', 'renewal')], max_length=8, verbose_name='due for')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=8, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='amount in Egyptian pounds')),
                ('since', models.DateField(verbose_name='since')),
            ],
            options={
                'verbose_name': 'fee',
                'verbose_name_plural': 'fees',
                'ordering': ('type_id', 'due_for', '-since', 'level__order'),
            },
        ),
        migrations.CreateModel(
            name='IssuingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('completed', models.BooleanField(default=True, help_text='Off for a proof of attendance, which needs no tests.', verbose_name='the program completed')),
                ('attendance_percent', models.PositiveSmallIntegerField(default=0, help_text='0 where attendance is not asked.', verbose_name='attendance, percent at least')),
                ('score_percent', models.PositiveSmallIntegerField(default=0, help_text='0 where no score is asked.', verbose_name='mean score of the tests, percent at least')),
                ('latin_name', models.BooleanField(default=False, verbose_name='a name in Latin letters')),
                ('identity_document', models.BooleanField(default=False, verbose_name='an identity document')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'rule of issuing',
                'verbose_name_plural': 'rules of issuing',
                'ordering': ('type_id', '-version'),
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('months', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='months')),
                ('renewable_days', models.PositiveSmallIntegerField(default=90, help_text='0 where it cannot be renewed.', verbose_name='renewable, days before the end')),
                ('since', models.DateField(verbose_name='for certificates issued since')),
            ],
            options={
                'verbose_name': 'term',
                'verbose_name_plural': 'terms',
                'ordering': ('type_id', '-since', 'level__order'),
            },
        ),
        migrations.AlterModelOptions(
            name='artifact',
            options={'ordering': ('credential_id', 'pk'), 'verbose_name': 'file', 'verbose_name_plural': 'files'},
        ),
        migrations.AlterModelOptions(
            name='proposalrow',
            options={'ordering': ('person__folded_name', 'pk'), 'verbose_name': 'proposed person', 'verbose_name_plural': 'proposed persons'},
        ),
        migrations.RemoveConstraint(
            model_name='credential',
            name='credential_live_once_per_kind',
        ),
        migrations.RemoveConstraint(
            model_name='numberseries',
            name='number_series_unique',
        ),
        migrations.RemoveConstraint(
            model_name='proposalrow',
            name='proposal_row_once',
        ),
        migrations.RemoveConstraint(
            model_name='statusevent',
            name='status_event_revoked_with_a_reason',
        ),
        migrations.AddField(
            model_name='artifact',
            name='key_id',
            field=models.CharField(blank=True, max_length=80, verbose_name='key'),
        ),
        migrations.AddField(
            model_name='artifact',
            name='kind',
            field=models.CharField(choices=[('paper', 'certificate, A4'), ('card', 'card'), ('archive', 'certificate for the archive')], default='paper', max_length=8, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='credential',
            name='assessors',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, verbose_name='assessors'),
        ),
        migrations.AddField(
            model_name='credential',
            name='fee',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=8, verbose_name='fee in Egyptian pounds'),
        ),
        migrations.AddField(
            model_name='credential',
            name='holder',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='accounts.person', verbose_name='holder'),
        ),
        migrations.AddField(
            model_name='credential',
            name='renews',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='renewed_by', to='certificates.credential', verbose_name='renews'),
        ),
        migrations.AddField(
            model_name='credential',
            name='state',
            field=models.CharField(choices=[('in_force', 'in force'), ('suspended', 'suspended'), ('revoked', 'revoked'), ('superseded', 'replaced by a corrected one'), ('renewed', 'renewed')], default='in_force', max_length=12, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='credential',
            name='supersedes',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='certificates.credential', verbose_name='corrects'),
        ),
        migrations.AddField(
            model_name='credential',
            name='valid_from',
            field=models.DateField(null=True, verbose_name='valid from'),
        ),
        migrations.AddField(
            model_name='credential',
            name='valid_until',
            field=models.DateField(blank=True, null=True, verbose_name='valid until'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='center',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='accounts.center', verbose_name='center'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='correction',
            field=models.CharField(blank=True, choices=[('issued_in_error', 'issued in error'), ('name_corrected', 'the name had to be corrected'), ('facts_corrected', 'what it said had to be corrected'), ('fraud', 'obtained by fraud'), ('withdrawn_by_authority', 'withdrawn by the authority'), ('court_order', 'by order of a court'), ('under_investigation', 'under investigation'), ('conditions_not_met', 'its conditions are no longer met'), ('lost', 'the paper was lost'), ('damaged', 'the paper was damaged')], max_length=24, verbose_name='correction'),
        ),
        migrations.AddField(
            model_name='proposalrow',
            name='basis',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.credential', verbose_name='basis'),
        ),
        migrations.AddField(
            model_name='proposalrow',
            name='blocks',
            field=models.JSONField(default=list, verbose_name='what stands in the way'),
        ),
        migrations.AddField(
            model_name='proposalrow',
            name='corrects',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.credential', verbose_name='corrects'),
        ),
        migrations.AddField(
            model_name='proposalrow',
            name='facts',
            field=models.JSONField(default=dict, verbose_name='facts'),
        ),
        migrations.AddField(
            model_name='proposalrow',
            name='note',
            field=models.CharField(blank=True, max_length=300, verbose_name='why it was sent back'),
        ),
        migrations.AddField(
            model_name='proposalrow',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposal_rows', to='accounts.person', verbose_name='person'),
        ),
        migrations.AddField(
            model_name='proposalrow',
            name='renews',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.credential', verbose_name='renews'),
        ),
        migrations.AddField(
            model_name='proposalrow',
            name='state',
            field=models.CharField(choices=[('eligible', 'eligible'), ('blocked', 'blocked'), ('approved', 'approved'), ('returned', 'sent back')], default='eligible', max_length=8, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='renderjob',
            name='kind',
            field=models.CharField(choices=[('paper', 'certificate, A4'), ('card', 'card'), ('archive', 'certificate for the archive')], default='paper', max_length=8, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='artifact',
            name='credential',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='artifacts', to='certificates.credential', verbose_name='certificate'),
        ),
        migrations.AlterField(
            model_name='artifact',
            name='sha256',
            field=models.CharField(db_index=True, max_length=64),
        ),
        migrations.AlterField(
            model_name='credential',
            name='enrollment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='courses.enrollment', verbose_name='enrollment'),
        ),
        migrations.AlterField(
            model_name='credential',
            name='kind',
            field=models.CharField(choices=[('completion', 'completion'), ('skill_level', 'skill level'), ('licence', 'licence to practise'), ('supplement', 'supplement'), ('attendance', 'attendance')], default='completion', max_length=12, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='credential',
            name='proposal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='certificates.proposal', verbose_name='proposal'),
        ),
        migrations.AlterField(
            model_name='lookup',
            name='result',
            field=models.CharField(choices=[('valid', 'valid'), ('expired', 'expired'), ('suspended', 'suspended'), ('revoked', 'revoked'), ('replaced', 'replaced'), ('unknown', 'no such certificate'), ('malformed', 'not a certificate code')], max_length=10, verbose_name='result'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='cohort',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='courses.cohort', verbose_name='cohort'),
        ),
        migrations.AlterField(
            model_name='proposalrow',
            name='eligibility',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.eligibility', verbose_name='eligibility'),
        ),
        migrations.AlterField(
            model_name='proposalrow',
            name='enrollment',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.enrollment', verbose_name='enrollment'),
        ),
        migrations.AlterField(
            model_name='renderjob',
            name='credential',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='render_jobs', to='certificates.credential', verbose_name='certificate'),
        ),
        migrations.AlterField(
            model_name='statusevent',
            name='reason',
            field=models.CharField(blank=True, choices=[('issued_in_error', 'issued in error'), ('name_corrected', 'the name had to be corrected'), ('facts_corrected', 'what it said had to be corrected'), ('fraud', 'obtained by fraud'), ('withdrawn_by_authority', 'withdrawn by the authority'), ('court_order', 'by order of a court'), ('under_investigation', 'under investigation'), ('conditions_not_met', 'its conditions are no longer met'), ('lost', 'the paper was lost'), ('damaged', 'the paper was damaged')], max_length=24, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='statusevent',
            name='status',
            field=models.CharField(choices=[('issued', 'issued'), ('copied', 'copy issued'), ('suspended', 'suspended'), ('reinstated', 'reinstated'), ('revoked', 'revoked'), ('superseded', 'replaced by a corrected one'), ('renewed', 'renewed')], max_length=12, verbose_name='status'),
        ),
        migrations.AddConstraint(
            model_name='statusevent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('revoked', 'suspended', 'superseded', 'copied')), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='status_event_ended_with_a_reason'),
        ),
        migrations.AddField(
            model_name='copy',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='copy',
            name='credential',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='certificates.credential', verbose_name='certificate'),
        ),
        migrations.AddField(
            model_name='artifact',
            name='copy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='artifacts', to='certificates.copy', verbose_name='copy'),
        ),
        migrations.AddField(
            model_name='renderjob',
            name='copy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='render_jobs', to='certificates.copy', verbose_name='copy'),
        ),
        migrations.AddIndex(
            model_name='renderjob',
            index=models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['state', 'created_at'], name='render_job_open'),
        ),
        migrations.AddConstraint(
            model_name='artifact',
            constraint=models.UniqueConstraint(fields=('credential', 'kind', 'copy'), name='artifact_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='renderjob',
            constraint=models.UniqueConstraint(fields=('credential', 'kind', 'copy'), name='render_job_once', nulls_distinct=False),
        ),
        migrations.AddField(
            model_name='credentialtype',
            name='template',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.certificatetemplate', verbose_name='usual template'),
        ),
        migrations.AddField(
            model_name='credential',
            name='type',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='certificates.credentialtype', verbose_name='kind of certificate'),
        ),
        migrations.AddField(
            model_name='numberseries',
            name='type',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.credentialtype', verbose_name='kind of certificate'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='type',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='certificates.credentialtype', verbose_name='kind of certificate'),
        ),
        migrations.AddField(
            model_name='proposalrow',
            name='type',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.credentialtype'),
        ),
        migrations.AddIndex(
            model_name='credential',
            index=models.Index(condition=models.Q(('state', 'in_force'), ('valid_until__isnull', False)), fields=['valid_until'], name='credential_expiring'),
        ),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.CheckConstraint(condition=models.Q(('assessors__overlap', [models.F('approved_by'), models.F('proposed_by')]), _negated=True), name='credential_decided_by_no_assessor'),
        ),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='credential_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ('in_force', 'suspended'))), fields=('enrollment', 'type'), name='credential_live_once_per_type'),
        ),
        migrations.AddConstraint(
            model_name='numberseries',
            constraint=models.UniqueConstraint(fields=('center', 'type', 'year'), name='number_series_unique'),
        ),
        migrations.AddConstraint(
            model_name='proposalrow',
            constraint=models.UniqueConstraint(fields=('proposal', 'person'), name='proposal_row_once'),
        ),
        migrations.AddConstraint(
            model_name='proposalrow',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'eligible')), fields=('enrollment', 'type'), name='proposal_row_waits_once'),
        ),
        migrations.AddConstraint(
            model_name='proposalrow',
            constraint=models.CheckConstraint(condition=models.Q(('enrollment__isnull', False), ('basis__isnull', False), ('renews__isnull', False), ('corrects__isnull', False), _connector='OR'), name='proposal_row_stands_on_something'),
        ),
        migrations.AddField(
            model_name='fee',
            name='level',
            field=models.ForeignKey(blank=True, help_text='Empty: every level that has no fee of its own.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.skilllevel', verbose_name='level'),
        ),
        migrations.AddField(
            model_name='fee',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fees', to='certificates.credentialtype', verbose_name='kind of certificate'),
        ),
        migrations.AddField(
            model_name='issuingrule',
            name='basis',
            field=models.ForeignKey(blank=True, help_text='A licence needs a skill-level certificate.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.credentialtype', verbose_name='a certificate in force of the kind'),
        ),
        migrations.AddField(
            model_name='issuingrule',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rules', to='certificates.credentialtype', verbose_name='kind of certificate'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='rule',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='certificates.issuingrule', verbose_name='rule of issuing'),
        ),
        migrations.AddField(
            model_name='term',
            name='level',
            field=models.ForeignKey(blank=True, help_text='Empty: every level that has no term of its own.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.skilllevel', verbose_name='level'),
        ),
        migrations.AddField(
            model_name='term',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='certificates.credentialtype', verbose_name='kind of certificate'),
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.UniqueConstraint(fields=('credential', 'number'), name='copy_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='copy_numbered_from_one'),
        ),
        migrations.AddConstraint(
            model_name='fee',
            constraint=models.UniqueConstraint(fields=('type', 'due_for', 'level', 'since'), name='fee_once_a_day', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='fee',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='fee_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='issuingrule',
            constraint=models.UniqueConstraint(fields=('type', 'version'), name='issuing_rule_version_unique'),
        ),
        migrations.AddConstraint(
            model_name='issuingrule',
            constraint=models.CheckConstraint(condition=models.Q(('attendance_percent__lte', 100), ('score_percent__lte', 100)), name='issuing_rule_percent_at_most_100', violation_error_message='A percentage is at most 100.'),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.UniqueConstraint(fields=('type', 'level', 'since'), name='term_once_a_day', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='term',
            constraint=models.CheckConstraint(condition=models.Q(('months__gte', 1)), name='term_at_least_a_month'),
        ),
    ]
