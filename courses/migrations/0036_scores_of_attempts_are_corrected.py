"""A correction of a score says the scores of all attempts, where attempts were marked again."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0035_exams_in_timetables'),
    ]

    operations = [
        migrations.AddField(
            model_name='scorecorrection',
            name='to_scores',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=2, max_digits=5), db_default=models.Value([], django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=2, max_digits=5))), default=list, editable=False),
        ),
    ]
