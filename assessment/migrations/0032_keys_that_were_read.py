"""That right answers of an exam were read in a cohort."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

KEPT = """CREATE TRIGGER keys_read_is_kept BEFORE UPDATE OR DELETE ON assessment_keysread
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('that keys were read is kept')"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0031_saves_refused_for_too_many_changes'),
        ('courses', '0036_scores_of_attempts_are_corrected'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeysRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quiz_key', models.UUIDField(verbose_name='test')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='first read at')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exam_keys_read', to='courses.cohort', verbose_name='cohort')),
            ],
            options={
                'verbose_name': 'right answers that were read',
                'verbose_name_plural': 'right answers that were read',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('cohort', 'quiz_key'), name='keys_read_once_per_cohort')],
            },
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER keys_read_is_kept ON assessment_keysread"),
    ]
