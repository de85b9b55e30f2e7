"""Every row has its kind by now. What was issued is guarded again: only its state moves, and only forward."""

import django.db.models.deletion
from django.db import migrations, models


FORWARD = """
CREATE OR REPLACE FUNCTION certificates_only_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'state' IS DISTINCT FROM to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION 'what a certificate says is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state IS DISTINCT FROM OLD.state AND NOT (
        OLD.state = 'in_force' AND NEW.state IN ('suspended', 'revoked', 'superseded', 'renewed')
        OR OLD.state = 'suspended' AND NEW.state IN ('in_force', 'revoked')
    ) THEN
        RAISE EXCEPTION 'a certificate that ended stays ended' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER credential_only_ends BEFORE UPDATE ON certificates_credential
    FOR EACH ROW EXECUTE FUNCTION certificates_only_end();

CREATE FUNCTION certificates_nobody_about_themselves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM accounts_user
        WHERE id IN (NEW.approved_by_id, NEW.proposed_by_id) AND person_id = NEW.holder_id
    ) THEN
        RAISE EXCEPTION 'nobody proposes or approves their own certificate' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER credential_for_another_person BEFORE INSERT ON certificates_credential
    FOR EACH ROW EXECUTE FUNCTION certificates_nobody_about_themselves();
CREATE TRIGGER copy_immutable BEFORE UPDATE OR DELETE ON certificates_copy
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();

CREATE FUNCTION certificates_rule_in_use() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM certificates_proposal WHERE rule_id = OLD.id) THEN
        RAISE EXCEPTION 'a rule that was used is never changed or deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE TRIGGER issuing_rule_immutable_once_used BEFORE UPDATE OR DELETE ON certificates_issuingrule
    FOR EACH ROW EXECUTE FUNCTION certificates_rule_in_use();
"""

BACKWARD = """
DROP TRIGGER issuing_rule_immutable_once_used ON certificates_issuingrule;
DROP TRIGGER copy_immutable ON certificates_copy;
DROP TRIGGER credential_for_another_person ON certificates_credential;
DROP TRIGGER credential_only_ends ON certificates_credential;
DROP FUNCTION certificates_rule_in_use();
DROP FUNCTION certificates_nobody_about_themselves();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_inspectors'),
        ('certificates', '0004_existing_rows'),
    ]

    operations = [
        migrations.RemoveField(model_name="credential", name="is_live"),
        migrations.AlterField(
            model_name='credential',
            name='holder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='accounts.person', verbose_name='holder'),
        ),
        migrations.AlterField(
            model_name='credential',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='credentials', to='certificates.credentialtype', verbose_name='kind of certificate'),
        ),
        migrations.AlterField(
            model_name='credential',
            name='valid_from',
            field=models.DateField(verbose_name='valid from'),
        ),
        migrations.AlterField(
            model_name='numberseries',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.credentialtype', verbose_name='kind of certificate'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='center',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='accounts.center', verbose_name='center'),
        ),
        migrations.AlterField(
            model_name='proposal',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='certificates.credentialtype', verbose_name='kind of certificate'),
        ),
        migrations.AlterField(
            model_name='proposalrow',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposal_rows', to='accounts.person', verbose_name='person'),
        ),
        migrations.AlterField(
            model_name='proposalrow',
            name='type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='certificates.credentialtype'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
