"""The notice of an answer to an objection holds its words; a grant is told, too."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0033_complaints_about_questions'),
    ]

    operations = [
        migrations.AddField(
            model_name='attendancenotice',
            name='answer',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='answer'),
        ),
        migrations.AlterField(
            model_name='attendancenotice',
            name='kind',
            field=models.CharField(choices=[('corrected', 'a mark was corrected'), ('granted', 'an objection was granted'), ('refused', 'an objection was refused')], default='corrected', max_length=9, verbose_name='kind'),
        ),
    ]
