"""Proposals read the enrollments and their evidence themselves; the list of candidates had no reader left."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0014_lookup_via'),
    ]

    operations = [
        migrations.DeleteModel(
            name='Candidate',
        ),
    ]
