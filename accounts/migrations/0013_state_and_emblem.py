"""State and emblem, which papers show."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_text_agreed_to'),
        ('wagtailimages', '0027_image_description'),
    ]

    operations = [
        migrations.AddField(
            model_name='visualidentity',
            name='emblem',
            field=models.ForeignKey(blank=True, help_text='Printed on certificates. Without one, they show the logo or an engraved ornament.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image', verbose_name='emblem of the state'),
        ),
        migrations.AddField(
            model_name='visualidentity',
            name='state_ar',
            field=models.CharField(blank=True, default='جمهورية مصر العربية', max_length=80, verbose_name='state in Arabic'),
        ),
        migrations.AddField(
            model_name='visualidentity',
            name='state_en',
            field=models.CharField(blank=True, default='Arab Republic of Egypt', max_length=80, verbose_name='state in English'),
        ),
    ]
