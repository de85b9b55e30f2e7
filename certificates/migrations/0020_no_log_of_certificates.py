"""The transparency log goes: a person who holds a paper could check nothing by it (docs/adr/0117-the-log-of-certificates-is-gone.md)."""

import django.contrib.postgres.fields
from django.db import migrations, models

# Keys are never deleted: one of the role that is no more ends, and stays published.
END_OF_THE_LOG = """
DROP TRIGGER status_event_waits_for_log ON certificates_statusevent;
DROP FUNCTION certificates_wait_for_log();
UPDATE certificates_signingkey SET retired_at = now() WHERE role = 'log' AND retired_at IS NULL;
UPDATE certificates_apiclient SET scopes = array_remove(scopes, 'audit') WHERE 'audit' = ANY(scopes);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0019_sentences_name_the_authority'),
    ]

    operations = [
        migrations.RunSQL(END_OF_THE_LOG),
        migrations.DeleteModel(name='LogCheckpoint'),
        migrations.DeleteModel(name='LogEntry'),
        migrations.DeleteModel(name='LogNode'),
        migrations.DeleteModel(name='LogPending'),
        migrations.AlterField(
            model_name='apiclient',
            name='scopes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('verify', 'check certificates in bulk'), ('credentials', 'fetch credentials, which hold names')], max_length=12), default=list, verbose_name='allowed to'),
        ),
        migrations.AlterField(
            model_name='signingkey',
            name='role',
            field=models.CharField(choices=[('pdf_seal', 'seal of PDFs'), ('credential', 'credentials, QR codes, status lists and API answers'), ('data_integrity', 'Data Integrity proofs'), ('timestamp', 'time stamps')], max_length=16, verbose_name='role'),
        ),
    ]
