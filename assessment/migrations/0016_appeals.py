"""Appeals against marks."""

from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KEPT = (Path(__file__).parent / "sql" / "appeals_are_kept.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_hand_overs_name_the_work'),
        ('assessment', '0015_marks_by_hand'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.PositiveSmallIntegerField(verbose_name='question')),
                ('reason', models.TextField(max_length=1000, verbose_name='reason of the appeal')),
                ('filed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='appealed at')),
                ('from_mark', models.DecimalField(decimal_places=4, max_digits=5, verbose_name='mark before')),
                ('is_granted', models.BooleanField(editable=False, null=True, verbose_name='granted')),
                ('to_mark', models.DecimalField(decimal_places=4, editable=False, max_digits=5, null=True, verbose_name='mark after')),
                ('answer', models.TextField(blank=True, editable=False, max_length=1000, verbose_name='answer')),
                ('answered_at', models.DateTimeField(editable=False, null=True, verbose_name='answered at')),
                ('answered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appeals', to='assessment.attempt', verbose_name='attempt')),
                ('filed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='appealed by')),
            ],
            options={
                'verbose_name': 'appeal',
                'verbose_name_plural': 'appeals',
                'ordering': ('filed_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='AppealNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('shown', 'shown on the site'), ('dropped', 'no longer true'), ('unwanted', 'not wanted by the person'), ('failed', 'not delivered'), ('unreached', 'no way to reach the person')], default='waiting', max_length=9, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('appeal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='notice', to='assessment.appeal', verbose_name='appeal')),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.delivery', verbose_name='delivery')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'notice of an answer to an appeal',
                'verbose_name_plural': 'notices of answers to appeals',
                'ordering': ('pk',),
            },
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('is_granted', None)), fields=['filed_at', 'id'], name='appeal_waiting'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(fields=('attempt', 'slot'), name='appeal_once_per_question'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None), ('is_granted', None), ('to_mark', None)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('is_granted__isnull', False), ('to_mark__range', (0, 1)), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='appeal_is_answered_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(('answered_by', models.F('filed_by')), _negated=True), name='appeal_answered_by_another_person'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('is_granted', False), _negated=True), ('to_mark', models.F('from_mark')), _connector='OR'), name='appeal_refused_changes_nothing'),
        ),
        migrations.AddIndex(
            model_name='appealnotice',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='appeal_notice_waiting'),
        ),
        migrations.AddIndex(
            model_name='appealnotice',
            index=models.Index(condition=models.Q(('state__in', ('failed', 'unreached')), models.Q(('error', 'The short messages of this month are used up.'), ('state', 'shown')), _connector='OR'), fields=['id'], name='appeal_notice_untold'),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
