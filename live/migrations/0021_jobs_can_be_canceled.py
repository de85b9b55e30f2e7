"""Jobs can be canceled."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('live', '0020_leased_decks_and_recordings'),
    ]

    operations = [
        migrations.AlterField(
            model_name='recording',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused'), ('canceled', 'canceled')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='slidedeck',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused'), ('canceled', 'canceled')], default='waiting', max_length=8, verbose_name='state'),
        ),
    ]
