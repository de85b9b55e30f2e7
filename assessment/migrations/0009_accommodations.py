"""What people are given in tests; the reasons apart, to be erased."""

from pathlib import Path

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.utils.timezone
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

KEPT = (Path(__file__).parent / "sql" / "accommodations_are_kept.sql").read_text(encoding="utf-8")
GONE = """
DROP TRIGGER accommodation_is_frozen ON assessment_accommodation;
DROP TRIGGER accommodation_is_kept ON assessment_accommodation;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_hand_overs_name_the_work'),
        ('assessment', '0008_exams'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Accommodation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('factor', models.DecimalField(decimal_places=2, default=Decimal('1'), max_digits=3, verbose_name='factor of the time')),
                ('break_minutes', models.PositiveSmallIntegerField(default=0, verbose_name='minutes of breaks that do not count')),
                ('has_reader', models.BooleanField(default=False, verbose_name='somebody reads the questions aloud')),
                ('has_large_text', models.BooleanField(default=False, verbose_name='larger text')),
                ('since', models.DateField(verbose_name='first day')),
                ('until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='given at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accommodations', to='accounts.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'accommodation in tests',
                'verbose_name_plural': 'accommodations in tests',
                'ordering': ('-since', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='AccommodationReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('given_for_encrypted', models.BinaryField()),
                ('ended_for_encrypted', models.BinaryField(default=b'')),
                ('accommodation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reason', to='assessment.accommodation', verbose_name='accommodation in tests')),
            ],
            options={
                'verbose_name': 'reason of an accommodation',
                'verbose_name_plural': 'reasons of accommodations',
            },
        ),
        migrations.AddConstraint(
            model_name='accommodation',
            constraint=models.CheckConstraint(condition=models.Q(('factor__range', (Decimal('1'), Decimal('3')))), name='accommodation_factor_in_range'),
        ),
        migrations.AddConstraint(
            model_name='accommodation',
            constraint=models.CheckConstraint(condition=models.Q(('break_minutes__lte', 240)), name='accommodation_breaks_in_range'),
        ),
        migrations.AddConstraint(
            model_name='accommodation',
            constraint=models.CheckConstraint(condition=models.Q(('factor__gt', 1), ('break_minutes__gt', 0), ('has_reader', True), ('has_large_text', True), _connector='OR'), name='accommodation_gives_something'),
        ),
        migrations.AddConstraint(
            model_name='accommodation',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='accommodation_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='accommodation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='accommodation_is_ended_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='accommodation',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('ended_at', None)), expressions=((models.Func(models.F('person_id'), models.F('person_id'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('since'), models.F('until'), models.Value('[]'), function='daterange'), '&&')), name='accommodation_one_at_a_time'),
        ),
        migrations.RunSQL(KEPT, GONE),
    ]
