"""Who wrote what was hidden is told. A notice names the question, whose own words may be what it is about."""

import django.db.models.deletion
from django.db import migrations, models

# At once, as a table with references that are not checked yet cannot be altered.
OF_ITS_QUESTION = (
    "UPDATE courses_questionnotice SET question_id = courses_answer.question_id FROM courses_answer"
    " WHERE courses_answer.id = courses_questionnotice.answer_id; SET CONSTRAINTS ALL IMMEDIATE"
)


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0025_questions'),
    ]

    operations = [
        migrations.AddField(
            model_name='questionnotice',
            name='question',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='courses.question', verbose_name='question'),
        ),
        migrations.RunSQL(OF_ITS_QUESTION, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='questionnotice',
            name='question',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='courses.question', verbose_name='question'),
        ),
        migrations.RemoveConstraint(
            model_name='questionnotice',
            name='question_notice_once',
        ),
        migrations.AddField(
            model_name='questionnotice',
            name='reason',
            field=models.CharField(blank=True, default='', max_length=300, verbose_name='reason'),
        ),
        migrations.AlterField(
            model_name='questionnotice',
            name='answer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='courses.answer', verbose_name='answer'),
        ),
        migrations.AlterField(
            model_name='questionnotice',
            name='kind',
            field=models.CharField(choices=[('answered', 'an instructor answered'), ('replied', 'a fellow trainee wrote'), ('hidden', 'what you wrote was hidden'), ('restored', 'what you wrote is shown again')], max_length=8, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='questionnotice',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ('answered', 'replied'))), fields=('answer', 'kind'), name='question_notice_once'),
        ),
    ]
