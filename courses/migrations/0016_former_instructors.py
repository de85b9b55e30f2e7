"""Who taught a cohort and was taken off it stays on record."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

KEPT = (
    "CREATE TRIGGER former_instructor_is_kept BEFORE UPDATE OR DELETE ON courses_formerinstructor"
    " FOR EACH ROW EXECUTE FUNCTION courses_refuse('who taught is kept')"
)


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0015_ended_sessions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerInstructor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='taken off at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken off by')),
                ('cohort', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_instructors', to='courses.cohort', verbose_name='cohort')),
                ('instructor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='instructor')),
            ],
            options={
                'verbose_name': 'former instructor',
                'verbose_name_plural': 'former instructors',
                'ordering': ('-at', '-pk'),
                'constraints': [models.UniqueConstraint(fields=('cohort', 'instructor'), name='former_instructor_once')],
            },
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER former_instructor_is_kept ON courses_formerinstructor"),
    ]
