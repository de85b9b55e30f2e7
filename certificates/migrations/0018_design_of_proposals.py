"""In which design the rows of a proposal were tried."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0017_list_of_units'),
    ]

    operations = [
        migrations.AddField(
            model_name='proposal',
            name='design_digest',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
    ]
