"""Results that lists bring are rows of their own, which stay as they were written."""

import django.db.models.deletion
from django.db import migrations, models

KEPT = """
CREATE TRIGGER imported_result_is_kept BEFORE UPDATE OR DELETE ON courses_importedresult
    FOR EACH ROW EXECUTE FUNCTION courses_refuse('records of study are kept');
"""


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0008_unit_releases'),
    ]

    operations = [
        migrations.AlterField(
            model_name='importrun',
            name='kind',
            field=models.CharField(choices=[('trainees', 'trainees'), ('enrollments', 'seats of trainees on record'), ('cohorts', 'cohorts'), ('results', 'results of tests')], max_length=12, verbose_name='list of'),
        ),
        migrations.CreateModel(
            name='ImportedResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('unit_key', models.UUIDField(verbose_name='unit')),
                ('taken_on', models.DateField(verbose_name='taken on')),
                ('score', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='score')),
                ('passed', models.BooleanField(verbose_name='passed')),
                ('line', models.PositiveIntegerField(verbose_name='line')),
                ('enrollment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imported_results', to='courses.enrollment', verbose_name='enrollment')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='courses.importrun', verbose_name='import')),
            ],
            options={
                'verbose_name': 'imported result',
                'verbose_name_plural': 'imported results',
                'ordering': ('-taken_on', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('enrollment', 'unit_key', 'taken_on'), name='imported_result_once_a_day'), models.CheckConstraint(condition=models.Q(('score__gte', 0), ('score__lte', 100)), name='imported_result_is_a_percentage')],
            },
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER imported_result_is_kept ON courses_importedresult"),
    ]
