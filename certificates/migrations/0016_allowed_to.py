"""A label that was also the name of a month."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0015_nobody_reads_candidates'),
    ]

    operations = [
        migrations.AlterField(
            model_name='apiclient',
            name='scopes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('verify', 'check certificates in bulk'), ('credentials', 'fetch credentials, which hold names'), ('audit', 'read the entries of the log')], max_length=12), default=list, verbose_name='allowed to'),
        ),
    ]
