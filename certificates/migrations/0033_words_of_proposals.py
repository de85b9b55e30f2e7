"""A proposal is sent back to its center, in one word everywhere."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0032_sentences"),
    ]

    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "waiting for approval"),
                    ("approved", "approved"),
                    ("rejected", "sent back to the center"),
                ],
                default="proposed",
                max_length=10,
                verbose_name="state",
            ),
        ),
    ]
