"""Answers are kept while an attempt is open."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0002_attempts_are_kept'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='draft',
            field=models.JSONField(default=dict, editable=False, verbose_name='answers kept so far'),
        ),
    ]
