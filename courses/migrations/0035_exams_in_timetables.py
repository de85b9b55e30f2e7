"""A session may be an exam: it counts for no attendance, and tests are taken in it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0034_answers_to_objections_are_told'),
    ]

    operations = [
        migrations.AlterField(
            model_name='classsession',
            name='kind',
            field=models.CharField(choices=[('class', 'class'), ('workshop', 'workshop day'), ('live', 'live class'), ('exam', 'exam')], default='class', max_length=10, verbose_name='kind'),
        ),
    ]
