"""Questions of quizzes as rows, to which attempts will refer in place of copies of their own."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0002_append_only_rows'),
    ]

    operations = [
        migrations.CreateModel(
            name='Question',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quiz_key', models.UUIDField(verbose_name='quiz')),
                ('block_id', models.CharField(max_length=36, verbose_name='block')),
            ],
            options={
                'verbose_name': 'question of a test',
                'verbose_name_plural': 'questions of tests',
                'constraints': [models.UniqueConstraint(fields=('quiz_key', 'block_id'), name='question_of_quiz_once')],
            },
        ),
        migrations.CreateModel(
            name='QuestionVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('single', 'one right answer'), ('multiple', 'several right answers')], max_length=10, verbose_name='kind')),
                ('content', models.JSONField(verbose_name='content')),
                ('key', models.JSONField(verbose_name='answer key')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='written at')),
                ('question', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='assessment.question', verbose_name='question of a test')),
            ],
            options={
                'verbose_name': 'version of a question',
                'verbose_name_plural': 'versions of questions',
                'constraints': [models.UniqueConstraint(fields=('question', 'digest'), name='question_version_once')],
            },
        ),
        migrations.AddField(
            model_name='attempt',
            name='versions',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None, verbose_name='questions'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='attempt',
            name='points',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, editable=False, size=None, verbose_name='points'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='answer',
            name='slot',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='question'),
        ),
        migrations.AddField(
            model_name='answer',
            name='response',
            field=models.JSONField(null=True, verbose_name='answer'),
        ),
    ]
