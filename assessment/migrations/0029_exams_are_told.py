"""Trainees are told of exams in a room, and of what they have in tests."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_hand_overs_name_the_work'),
        ('assessment', '0028_when_late_answers_were_chosen'),
        ('courses', '0036_scores_of_attempts_are_corrected'),
    ]

    operations = [
        migrations.AddField(
            model_name='sitting',
            name='is_told_canceled',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='sitting',
            name='told_starts_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='sitting',
            name='told_venue',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.venue'),
        ),
        migrations.CreateModel(
            name='AccommodationNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('shown', 'shown on the site'), ('dropped', 'no longer true'), ('unwanted', 'not wanted by the person'), ('failed', 'not delivered'), ('unreached', 'no way to reach the person')], default='waiting', max_length=9, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('given', 'given'), ('ended', 'ended')], max_length=5, verbose_name='kind')),
                ('accommodation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='assessment.accommodation', verbose_name='accommodation in tests')),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.delivery', verbose_name='delivery')),
            ],
            options={
                'verbose_name': 'notice of help in tests',
                'verbose_name_plural': 'notices of help in tests',
                'ordering': ('pk',),
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='accommodation_notice_waiting'), models.Index(condition=models.Q(('state__in', ('failed', 'unreached')), models.Q(('error', 'The short messages of this month are used up.'), ('state', 'shown')), _connector='OR'), fields=['id'], name='accommodation_notice_untold')],
                'constraints': [models.UniqueConstraint(fields=('accommodation', 'kind'), name='accommodation_told_once')],
            },
        ),
        migrations.CreateModel(
            name='ExamNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('shown', 'shown on the site'), ('dropped', 'no longer true'), ('unwanted', 'not wanted by the person'), ('failed', 'not delivered'), ('unreached', 'no way to reach the person')], default='waiting', max_length=9, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('sitting_key', models.UUIDField(verbose_name='sitting')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('kind', models.CharField(choices=[('planned', 'exam planned'), ('moved', 'exam moved'), ('canceled', 'exam canceled')], max_length=8, verbose_name='kind')),
                ('starts_at', models.DateTimeField(verbose_name='starts at')),
                ('sequence', models.PositiveIntegerField()),
                ('class_session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.classsession', verbose_name='class session')),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.delivery', verbose_name='delivery')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person', verbose_name='person')),
                ('venue', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.venue', verbose_name='room')),
            ],
            options={
                'verbose_name': 'notice of an exam',
                'verbose_name_plural': 'notices of exams',
                'ordering': ('pk',),
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='exam_notice_waiting'), models.Index(condition=models.Q(('state__in', ('failed', 'unreached')), models.Q(('error', 'The short messages of this month are used up.'), ('state', 'shown')), _connector='OR'), fields=['id'], name='exam_notice_untold')],
                'constraints': [models.UniqueConstraint(fields=('sitting_key', 'person', 'sequence', 'kind'), name='exam_notice_tells_a_change_once')],
            },
        ),
    ]
