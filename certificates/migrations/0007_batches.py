"""Work that survives: when bells rang, files of whole proposals, what holders are told."""

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0006_signing_keys'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='renderjob',
            name='rung_at',
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('zip', 'all files (ZIP)'), ('print', 'print run')], max_length=8, verbose_name='kind')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'being drawn'), ('done', 'ready'), ('failed', 'failed')], default='waiting', max_length=8, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('error', models.TextField(blank=True, verbose_name='error')),
                ('path', models.CharField(blank=True, max_length=200, verbose_name='file')),
                ('size', models.PositiveBigIntegerField(default=0, verbose_name='bytes')),
                ('papers', models.PositiveIntegerField(default=0, verbose_name='certificates')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for at')),
                ('rung_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='kept until')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bundles', to='certificates.proposal', verbose_name='proposal')),
            ],
            options={
                'verbose_name': 'bundle',
                'verbose_name_plural': 'bundles',
                'ordering': ('proposal_id', 'kind'),
                'constraints': [models.UniqueConstraint(fields=('proposal', 'kind'), name='bundle_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(models.Q(('path', ''), _negated=True), ('expires_at__isnull', False)), _connector='OR'), name='bundle_ready_has_a_file_and_an_end')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('issued', 'issued'), ('ends_90', 'ends in 90 days'), ('ends_30', 'ends in 30 days'), ('ends_7', 'ends in 7 days')], max_length=10, verbose_name='kind')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('shown', 'shown on the site'), ('dropped', 'no longer true'), ('failed', 'not sent')], default='waiting', max_length=8, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('error', models.CharField(blank=True, max_length=200, verbose_name='error')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('credential', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='certificates.credential', verbose_name='certificate')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ('credential_id', 'pk'),
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='certificate_notice_waiting')],
                'constraints': [models.UniqueConstraint(fields=('credential', 'kind'), name='certificate_notice_once')],
            },
        ),
    ]
