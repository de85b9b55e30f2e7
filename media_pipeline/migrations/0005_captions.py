"""Captions move from files into revisions: one draft, one published, a history."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import migrations, models

import media_pipeline.models.videos


def files_become_revisions(apps, schema_editor):
    """Trainees see what the files say; a track whose file was lost has nothing to keep."""
    revisions = apps.get_model("media_pipeline", "CaptionRevision").objects
    for track in apps.get_model("media_pipeline", "CaptionTrack").objects.all():
        try:
            with track.file.open("rb") as file:
                text = file.read().decode()
        except (OSError, ValueError):
            track.delete()
            continue
        revision = revisions.create(
            track=track, number=1, text=text, origin="uploaded", saved_at=track.changed_at, published_at=track.changed_at
        )
        track.draft = track.published = revision
        track.edits = 1
        track.save(update_fields=["draft", "published", "edits"])
    # The columns below cannot change while checks of these rows wait for the commit.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def revisions_become_files(apps, schema_editor):
    for track in apps.get_model("media_pipeline", "CaptionTrack").objects.select_related("video", "published"):
        if track.published is None or track.kind == "chapters":
            track.delete()
            continue
        name = f"media/captions/{track.video.public_id.hex}/{track.language}.vtt"
        track.file.save(name, ContentFile(track.published.text.encode()))
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ('media_pipeline', '0004_delivery'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='captiontrack',
            name='edits',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AlterField(
            model_name='captiontrack',
            name='changed_at',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='changed at'),
        ),
        migrations.AlterField(
            model_name='captiontrack',
            name='kind',
            field=models.CharField(choices=[('captions', 'captions (with sounds described)'), ('subtitles', 'subtitles (translation)'), ('chapters', 'chapters')], default='captions', max_length=10, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='captiontrack',
            name='language',
            field=models.CharField(choices=[('ar', 'العربية'), ('arz', 'العربية المصرية'), ('en', 'English'), ('fr', 'Français'), ('am', 'አማርኛ'), ('ti', 'ትግርኛ'), ('so', 'Soomaali'), ('sw', 'Kiswahili')], max_length=12, verbose_name='language'),
        ),
        migrations.CreateModel(
            name='CaptionRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('text', models.TextField(verbose_name='text')),
                ('origin', models.CharField(choices=[('typed', 'written by a person'), ('uploaded', 'uploaded'), ('machine', 'made by machine'), ('restored', 'brought back from the history')], default='typed', max_length=10, verbose_name='origin')),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='saved at')),
                ('published_at', models.DateTimeField(null=True, verbose_name='published at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('track', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='media_pipeline.captiontrack', verbose_name='captions')),
            ],
            options={
                'verbose_name': 'revision of captions',
                'verbose_name_plural': 'revisions of captions',
                'ordering': ('-number',),
            },
        ),
        migrations.AddField(
            model_name='captiontrack',
            name='draft',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='media_pipeline.captionrevision', verbose_name='draft'),
        ),
        migrations.AddField(
            model_name='captiontrack',
            name='published',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='media_pipeline.captionrevision', verbose_name='what trainees see'),
        ),
        migrations.AddConstraint(
            model_name='captionrevision',
            constraint=models.UniqueConstraint(fields=('track', 'number'), name='caption_revision_once'),
        ),
        migrations.RunPython(files_become_revisions, revisions_become_files),
        migrations.AlterField(
            model_name='captiontrack',
            name='file',
            # So that the way back finds a value for rows it has not written yet.
            field=models.FileField(default='', max_length=120, storage=media_pipeline.models.videos.private_storage, upload_to='', verbose_name='file'),
        ),
        migrations.RemoveField(
            model_name='captiontrack',
            name='file',
        ),
    ]
