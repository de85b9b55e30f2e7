"""A completion that the records no longer support stays, with a reason."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

KEPT = (
    "CREATE TRIGGER confirmed_completion_is_kept BEFORE UPDATE OR DELETE ON courses_confirmedcompletion"
    " FOR EACH ROW EXECUTE FUNCTION courses_refuse('a decision is kept')"
)


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0016_former_instructors'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConfirmedCompletion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='confirmed at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='confirmed by')),
                ('eligibility', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='confirmation', to='courses.eligibility', verbose_name='eligibility')),
            ],
            options={
                'verbose_name': 'confirmed completion',
                'verbose_name_plural': 'confirmed completions',
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER confirmed_completion_is_kept ON courses_confirmedcompletion"),
    ]
