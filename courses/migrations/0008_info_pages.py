"""Pages in which the ministry says how it handles data, what it asks and where help is."""

import django.db.models.deletion
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('courses', '0007_closed_cohorts'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='InfoPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('kind', models.CharField(blank=True, choices=[('privacy', 'privacy notice'), ('terms', 'terms of use'), ('help', 'help'), ('contact', 'contact'), ('accessibility', 'accessibility statement')], help_text='Pages of a kind are linked at the foot of every page. Empty for any other text.', max_length=20, verbose_name='kind')),
                ('body', wagtail.fields.RichTextField(verbose_name='text')),
            ],
            options={
                'verbose_name': 'page of information',
                'verbose_name_plural': 'pages of information',
            },
            bases=('wagtailcore.page',),
        ),
    ]
