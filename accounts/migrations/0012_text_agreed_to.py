"""Which revision of a text a person agreed to."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_append_only_audit'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.AddField(
            model_name='consent',
            name='text_revision',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.revision', verbose_name='text agreed to'),
        ),
        migrations.AlterField(
            model_name='consent',
            name='text_version',
            field=models.CharField(max_length=40, verbose_name='version of the text'),
        ),
    ]
