"""Complaints, and what happened to each."""

import courses.models.complaints
import courses.references
from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


SQL = (Path(__file__).parent / "sql" / "complaints_are_kept.sql").read_text(encoding="utf-8")
# Their triggers go along.
FUNCTIONS = ("courses_complaint_is_kept", "courses_complaint_event_is_kept")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_site_notices'),
        ('courses', '0021_announcements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Complaint',
            fields=[
                ('id', models.BigIntegerField(default=courses.models.complaints.random_key, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(default=courses.references.new_reference, editable=False, max_length=9, unique=True, verbose_name='reference number')),
                ('kind', models.CharField(choices=[('course', 'the content of a course'), ('class', 'a class or workshop day'), ('center', 'a training center'), ('staff', 'a member of staff'), ('certificate', 'a certificate that was not given')], max_length=11, verbose_name='about')),
                ('channel', models.CharField(choices=[('login', 'by the person, logged in'), ('public', 'by the page for everybody'), ('desk', 'at the desk')], max_length=6, verbose_name='how it came')),
                ('text', models.TextField(max_length=2000, verbose_name='what happened')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('phone', models.CharField(max_length=20, verbose_name='mobile number')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('en', 'English')], default='ar', max_length=2, verbose_name='language')),
                ('filed_at', models.DateTimeField(verbose_name='received at')),
                ('days_owed', models.PositiveSmallIntegerField(verbose_name='working days to answer')),
                ('days_to_take', models.PositiveSmallIntegerField()),
                ('days_to_wait', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('new', 'not taken yet'), ('taken', 'being worked on'), ('asked', 'waiting for the citizen'), ('closed', 'closed')], default='new', editable=False, max_length=6, verbose_name='state')),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'center'), (2, 'governorate'), (3, 'ministry'), (4, 'superuser, seen by the auditors')], default=1, editable=False, verbose_name='level')),
                ('due_at', models.DateTimeField(editable=False, null=True, verbose_name='answer due')),
                ('stopped_until', models.DateTimeField(editable=False, null=True, verbose_name='clock stopped until')),
                ('rises_at', models.DateTimeField(editable=False, null=True)),
                ('rises_again_at', models.DateTimeField(editable=False, null=True)),
                ('closed_at', models.DateTimeField(editable=False, null=True, verbose_name='closed at')),
                ('outcome', models.CharField(blank=True, choices=[('upheld', 'upheld'), ('not_upheld', 'not upheld'), ('withdrawn', 'withdrawn')], editable=False, max_length=10, verbose_name='outcome')),
                ('purge_after', models.DateTimeField(editable=False, null=True)),
                ('center', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.center', verbose_name='center')),
                ('cohort', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.cohort', verbose_name='cohort')),
                ('filed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaints', to='accounts.person', verbose_name='person')),
                ('program', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courses.programpage', verbose_name='program')),
                ('staff', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member of staff')),
                ('taken_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken by')),
            ],
            options={
                'verbose_name': 'complaint',
                'verbose_name_plural': 'complaints',
                'ordering': ('due_at', '-filed_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='ComplaintEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('filed', 'received'), ('taken', 'taken'), ('asked', 'question to the citizen'), ('replied', 'answer of the citizen'), ('noted', 'note of staff'), ('handed_over', 'handed over'), ('closed', 'answered and closed'), ('reopened', 'reopened by the citizen')], max_length=11, verbose_name='what')),
                ('at', models.DateTimeField(verbose_name='when')),
                ('text', models.TextField(blank=True, max_length=2000, verbose_name='text')),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'center'), (2, 'governorate'), (3, 'ministry'), (4, 'superuser, seen by the auditors')], null=True, verbose_name='level')),
                ('outcome', models.CharField(blank=True, choices=[('upheld', 'upheld'), ('not_upheld', 'not upheld'), ('withdrawn', 'withdrawn')], max_length=10, verbose_name='outcome')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='courses.complaint')),
            ],
            options={
                'verbose_name': 'event of a complaint',
                'verbose_name_plural': 'events of complaints',
                'ordering': ('at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='ComplaintNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('shown', 'shown on the site'), ('dropped', 'no longer true'), ('unwanted', 'not wanted by the person'), ('failed', 'not delivered'), ('unreached', 'no way to reach the person')], default='waiting', max_length=9, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('question', 'question about a complaint'), ('answer', 'answer to a complaint')], max_length=8, verbose_name='kind')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='courses.complaint', verbose_name='complaint')),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.delivery', verbose_name='delivery')),
            ],
            options={
                'verbose_name': 'notice about a complaint',
                'verbose_name_plural': 'notices about complaints',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='HiddenComplaint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hidden_from', to='courses.complaint')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='login')),
            ],
            options={
                'verbose_name': 'login from which a complaint is hidden',
                'verbose_name_plural': 'logins from which complaints are hidden',
                'ordering': ('pk',),
            },
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('state', 'closed'), _negated=True), fields=['due_at'], name='complaint_open'),
        ),
        migrations.AddIndex(
            model_name='complaint',
            index=models.Index(condition=models.Q(('purge_after__isnull', False)), fields=['purge_after'], name='complaint_old'),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('due_at', None), ('state', 'closed')), models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_at', None), ('due_at__isnull', False), ('outcome', '')), _connector='OR'), name='complaint_is_due_until_it_is_closed'),
        ),
        migrations.AddIndex(
            model_name='complaintnotice',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='complaint_notice_waiting'),
        ),
        migrations.AddIndex(
            model_name='complaintnotice',
            index=models.Index(condition=models.Q(('state__in', ('failed', 'unreached')), models.Q(('error', 'The short messages of this month are used up.'), ('state', 'shown')), _connector='OR'), fields=['id'], name='complaint_notice_untold'),
        ),
        migrations.AddConstraint(
            model_name='hiddencomplaint',
            constraint=models.UniqueConstraint(fields=('complaint', 'user'), name='complaint_hidden_once'),
        ),
        migrations.RunSQL(SQL, f"DROP FUNCTION {', '.join(FUNCTIONS)} CASCADE"),
    ]
