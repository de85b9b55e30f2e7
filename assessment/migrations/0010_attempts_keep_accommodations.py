"""What holds for a person in tests is kept with the attempt, from the moment in which it began."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0009_accommodations'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='accommodation',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='assessment.accommodation', verbose_name='help in tests'),
        ),
    ]
