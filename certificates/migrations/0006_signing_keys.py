"""Signing keys: public parts for ever, one in use a role."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION certificates_key_only_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - '{place,retired_at,compromised_at}'::text[]
            IS DISTINCT FROM to_jsonb(OLD) - '{place,retired_at,compromised_at}'::text[]
        OR (OLD.retired_at IS NOT NULL AND NEW.retired_at IS DISTINCT FROM OLD.retired_at)
        OR (OLD.compromised_at IS NOT NULL AND NEW.compromised_at IS DISTINCT FROM OLD.compromised_at) THEN
        RAISE EXCEPTION 'a key is never changed, only ended or moved' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER signing_key_only_ends BEFORE UPDATE ON certificates_signingkey
    FOR EACH ROW EXECUTE FUNCTION certificates_key_only_ends();
CREATE TRIGGER signing_key_never_deleted BEFORE DELETE ON certificates_signingkey
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
"""

BACKWARD = """
DROP TRIGGER signing_key_never_deleted ON certificates_signingkey;
DROP TRIGGER signing_key_only_ends ON certificates_signingkey;
DROP FUNCTION certificates_key_only_ends();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0005_required_columns'),
    ]

    operations = [
        migrations.CreateModel(
            name='SigningKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('pdf_seal', 'seal of PDFs'), ('credential', 'credentials, QR codes, status lists and API answers'), ('data_integrity', 'Data Integrity proofs'), ('log', 'checkpoints of the log'), ('timestamp', 'time stamps')], max_length=16, verbose_name='role')),
                ('key_id', models.CharField(max_length=60, unique=True, verbose_name='key id')),
                ('algorithm', models.CharField(choices=[('ES256', 'ES256'), ('RS256', 'RS256'), ('EdDSA', 'EdDSA')], max_length=8, verbose_name='algorithm')),
                ('public_key', models.TextField(verbose_name='public key')),
                ('certificate', models.TextField(blank=True, verbose_name='certificate')),
                ('place', models.CharField(blank=True, max_length=120, verbose_name='place')),
                ('is_demo', models.BooleanField(default=False, verbose_name='demo')),
                ('active_from', models.DateTimeField(verbose_name='active from')),
                ('retired_at', models.DateTimeField(blank=True, null=True, verbose_name='retired at')),
                ('compromised_at', models.DateTimeField(blank=True, null=True, verbose_name='compromised since')),
            ],
            options={
                'verbose_name': 'signing key',
                'verbose_name_plural': 'signing keys',
                'ordering': ('role', '-active_from', '-pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('retired_at__isnull', True)), fields=('role',), name='signing_key_one_active_a_role'), models.CheckConstraint(condition=models.Q(('compromised_at__isnull', True), ('retired_at__isnull', False), _connector='OR'), name='signing_key_compromised_is_retired'), models.CheckConstraint(condition=models.Q(models.Q(('certificate', ''), _negated=True), models.Q(('role__in', ['pdf_seal', 'timestamp']), _negated=True), _connector='OR'), name='signing_key_certified_where_needed'), models.CheckConstraint(condition=models.Q(models.Q(('place', ''), _negated=True), ('role', 'timestamp'), _connector='OR'), name='signing_key_has_a_place'), models.CheckConstraint(condition=models.Q(('retired_at__isnull', True), ('retired_at__gte', models.F('active_from')), _connector='OR'), name='signing_key_retired_after_it_began')],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
