"""Published pages that still ask what was corrected."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0029_exams_are_told'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeyOnPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('correction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='on_pages', to='assessment.keycorrection', verbose_name='correction of a key')),
                ('page', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrected_keys', to='assessment.quizpage', verbose_name='quiz')),
            ],
            options={
                'verbose_name': 'corrected key on a page',
                'verbose_name_plural': 'corrected keys on pages',
                'ordering': ('pk',),
                'constraints': [models.UniqueConstraint(fields=('correction', 'page'), name='key_on_page_once')],
            },
        ),
    ]
