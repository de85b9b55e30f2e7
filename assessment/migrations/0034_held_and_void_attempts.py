"""Attempts that a supervisor ended, and results that are held or void."""

import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KEPT = """CREATE TRIGGER attempt_decision_is_kept BEFORE UPDATE OR DELETE ON assessment_attemptdecision
    FOR EACH ROW EXECUTE FUNCTION assessment_refuse('what was decided is kept')"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0018_hand_overs_name_the_work'),
        ('assessment', '0033_attempts_of_a_person'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='attempt',
            name='ended_by',
            field=models.CharField(blank=True, choices=[('person', 'handed in'), ('time', 'the time ran out'), ('supervisor', 'ended by the supervisor')], max_length=10, verbose_name='ended by'),
        ),
        migrations.AlterField(
            model_name='attemptcorrection',
            name='cause',
            field=models.CharField(choices=[('key', 'a wrong answer key'), ('late', 'late answers were counted'), ('appeal', 'an appeal'), ('void', 'the attempt is void')], default='key', max_length=10, verbose_name='cause'),
        ),
        migrations.CreateModel(
            name='AttemptDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('ended', 'ended by the supervisor'), ('held', 'result held'), ('released', 'result counts again'), ('voided', 'void')], max_length=8, verbose_name='decision')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='decided at')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='assessment.attempt', verbose_name='attempt')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'decision about an attempt',
                'verbose_name_plural': 'decisions about attempts',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('act', 'voided')), fields=('attempt',), name='attempt_void_once')],
            },
        ),
        migrations.CreateModel(
            name='AttemptNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('shown', 'shown on the site'), ('dropped', 'no longer true'), ('unwanted', 'not wanted by the person'), ('failed', 'not delivered'), ('unreached', 'no way to reach the person')], default='waiting', max_length=9, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('ended', 'ended by the supervisor'), ('held', 'result held'), ('released', 'result counts again'), ('voided', 'void'), ('late_left', 'late answers do not count'), ('late_same', 'late answers change nothing')], max_length=9, verbose_name='kind')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('attempt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='assessment.attempt', verbose_name='attempt')),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.delivery', verbose_name='delivery')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.person', verbose_name='person')),
            ],
            options={
                'verbose_name': 'notice of a decision about a test',
                'verbose_name_plural': 'notices of decisions about tests',
                'ordering': ('pk',),
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='attempt_notice_waiting'), models.Index(condition=models.Q(('state__in', ('failed', 'unreached')), models.Q(('error', 'The short messages of this month are used up.'), ('state', 'shown')), _connector='OR'), fields=['id'], name='attempt_notice_untold')],
            },
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER attempt_decision_is_kept ON assessment_attemptdecision"),
    ]
