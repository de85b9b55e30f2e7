"""Whether a list of trainees makes logins."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0010_imported_staff'),
    ]

    operations = [
        migrations.AddField(
            model_name='importrun',
            name='makes_logins',
            field=models.BooleanField(default=False, verbose_name='make logins'),
        ),
    ]
