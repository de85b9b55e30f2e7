"""Jobs can be canceled."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0036_leased_deliveries'),
    ]

    operations = [
        migrations.AlterField(
            model_name='bundle',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused'), ('canceled', 'canceled')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='proofjob',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused'), ('canceled', 'canceled')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='renderjob',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused'), ('canceled', 'canceled')], default='waiting', max_length=8, verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='webhookdelivery',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'being made'), ('done', 'ready'), ('failed', 'failed'), ('refused', 'refused'), ('canceled', 'canceled')], default='waiting', max_length=8, verbose_name='state'),
        ),
    ]
