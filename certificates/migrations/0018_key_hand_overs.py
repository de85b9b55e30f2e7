"""Hand-overs of keys: only ever added, and never signed by a key that was called stolen."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION certificates_no_hand_over_by_stolen_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM certificates_signingkey WHERE id = NEW.outgoing_id AND compromised_at IS NOT NULL FOR SHARE
    ) THEN
        RAISE EXCEPTION 'a stolen key introduces nobody' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER key_hand_over_not_by_stolen_key BEFORE INSERT ON certificates_keyhandover
    FOR EACH ROW EXECUTE FUNCTION certificates_no_hand_over_by_stolen_key();
CREATE TRIGGER key_hand_over_append_only BEFORE UPDATE OR DELETE ON certificates_keyhandover
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
"""

BACKWARD = """
DROP TRIGGER key_hand_over_append_only ON certificates_keyhandover;
DROP TRIGGER key_hand_over_not_by_stolen_key ON certificates_keyhandover;
DROP FUNCTION certificates_no_hand_over_by_stolen_key();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0017_list_of_units'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyHandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.TextField(verbose_name='signed introduction')),
                ('sealed_at', models.DateTimeField(verbose_name='sealed at')),
                ('outgoing', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='hand_overs', to='certificates.signingkey', verbose_name='outgoing key')),
                ('successor', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='introduction', to='certificates.signingkey', verbose_name='next key')),
            ],
            options={
                'verbose_name': 'hand-over of a key',
                'verbose_name_plural': 'hand-overs of keys',
                'ordering': ('pk',),
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
