"""Officers look at certificates in force that corrected keys touch."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

KEPT = (Path(__file__).parent / "sql" / "correction_reviews.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0024_questions_of_the_bank_on_pages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CorrectionReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200, verbose_name='what follows')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='looked at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('correction', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='assessment.attemptcorrection', verbose_name='correction of an attempt')),
            ],
            options={
                'verbose_name': 'review of a correction',
                'verbose_name_plural': 'reviews of corrections',
                'ordering': ('pk',),
            },
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER correction_review_is_kept ON assessment_correctionreview"),
    ]
