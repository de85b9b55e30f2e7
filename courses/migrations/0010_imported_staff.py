"""Lists of staff."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0009_imported_results'),
    ]

    operations = [
        migrations.AlterField(
            model_name='importrun',
            name='kind',
            field=models.CharField(choices=[('trainees', 'trainees'), ('enrollments', 'seats of trainees on record'), ('cohorts', 'cohorts'), ('results', 'results of tests'), ('staff', 'staff and their roles')], max_length=12, verbose_name='list of'),
        ),
    ]
