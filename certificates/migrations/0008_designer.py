"""Templates get a page format and blocks; the pictures of designs are kept by their hash."""

import django.core.validators
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('certificates', '0007_batches'),
    ]

    operations = [
        migrations.CreateModel(
            name='DesignAsset',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('data', models.BinaryField(verbose_name='bytes')),
                ('kept_at', models.DateTimeField(auto_now_add=True, verbose_name='kept at')),
            ],
            options={
                'verbose_name': 'picture of a design',
                'verbose_name_plural': 'pictures of designs',
            },
        ),
        migrations.AddField(
            model_name='certificatetemplate',
            name='body',
            field=wagtail.fields.StreamField([('text', 16), ('field', 18), ('list', 26), ('table', 30), ('image', 34), ('frame', 36), ('qr', 38), ('signatory', 43), ('copy_mark', 44)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Text', 'max_length': 600}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('ar', 'Arabic'), ('en', 'English'), ('both', 'both, left to right')], 'label': 'Language'}), 2: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('title', 'title'), ('heading', 'heading'), ('paragraph', 'paragraph'), ('caption', 'caption of the picture before'), ('artifact', 'ornament, not read aloud')], 'label': 'Role'}), 3: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('naskh', 'Naskh'), ('naskh-bold', 'Naskh, bold'), ('sans', 'Sans'), ('sans-medium', 'Sans, medium'), ('sans-bold', 'Sans, bold')], 'label': 'Font'}), 4: ('wagtail.blocks.FloatBlock', (), {'default': 12, 'label': 'size (pt)', 'max_value': 96, 'min_value': 3}), 5: ('wagtail.blocks.FloatBlock', (), {'default': 8, 'label': 'smallest size (pt)', 'max_value': 96, 'min_value': 3}), 6: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('start', 'start of the line'), ('center', 'centered'), ('end', 'end of the line')], 'label': 'Alignment'}), 7: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('ink', 'ink'), ('muted', 'muted'), ('accent', 'accent color'), ('signal', 'signal color'), ('warning', 'red'), ('white', 'white')], 'label': 'Color'}), 8: ('wagtail.blocks.BooleanBlock', (), {'label': 'on several lines', 'required': False}), 9: ('wagtail.blocks.StructBlock', [[('font', 3), ('size', 4), ('min_size', 5), ('align', 6), ('color', 7), ('wraps', 8)]], {}), 10: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('page', 'page'), ('front', 'front of the card'), ('back', 'back of the card')], 'label': 'Sheet'}), 11: ('wagtail.blocks.FloatBlock', (), {'label': 'from the left (mm)', 'max_value': 400, 'min_value': 0}), 12: ('wagtail.blocks.FloatBlock', (), {'label': 'from the top (mm)', 'max_value': 400, 'min_value': 0}), 13: ('wagtail.blocks.FloatBlock', (), {'label': 'width (mm)', 'max_value': 400, 'min_value': 0}), 14: ('wagtail.blocks.FloatBlock', (), {'label': 'height (mm)', 'max_value': 400, 'min_value': 0}), 15: ('wagtail.blocks.StructBlock', [[('side', 10), ('x', 11), ('y', 12), ('width', 13), ('height', 14)]], {}), 16: ('wagtail.blocks.StructBlock', [[('text', 0), ('language', 1), ('role', 2), ('look', 9), ('place', 15)]], {}), 17: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('In Arabic', [('name_ar', 'name of the holder'), ('type_ar', 'kind of certificate'), ('program_ar', 'program'), ('level_ar', 'level'), ('hours_ar', 'hours'), ('center_ar', 'center'), ('governorate_ar', 'governorate'), ('place_ar', 'center and governorate'), ('starts_on_ar', 'first day of the cohort'), ('ends_on_ar', 'last day of the cohort'), ('completed_on_ar', 'completed on'), ('issued_on_ar', 'issued on'), ('valid_from_ar', 'valid from'), ('valid_until_ar', 'valid until'), ('authority_ar', 'authority'), ('heading_ar', 'heading'), ('statement_ar', 'statement'), ('signatory_ar', 'signatory'), ('signatory_title_ar', 'title of the signatory')]), ('In English', [('name_en', 'name of the holder'), ('type_en', 'kind of certificate'), ('program_en', 'program'), ('level_en', 'level'), ('hours_en', 'hours'), ('center_en', 'center'), ('governorate_en', 'governorate'), ('place_en', 'center and governorate'), ('starts_on_en', 'first day of the cohort'), ('ends_on_en', 'last day of the cohort'), ('completed_on_en', 'completed on'), ('issued_on_en', 'issued on'), ('valid_from_en', 'valid from'), ('valid_until_en', 'valid until'), ('authority_en', 'authority'), ('heading_en', 'heading'), ('statement_en', 'statement'), ('signatory_en', 'signatory'), ('signatory_title_en', 'title of the signatory'), ('signatory_line_en', 'signatory and title')]), ('Numbers and codes', [('number', 'certificate number'), ('code', 'verification code'), ('identity', 'last digits of the identity document'), ('program_code', 'code of the program'), ('occupation_code', 'code of the occupation'), ('cohort', 'cohort'), ('basis', 'number of the certificate it stands on')])], 'label': 'Fact'}), 18: ('wagtail.blocks.StructBlock', [[('fact', 17), ('role', 2), ('look', 9), ('place', 15)]], {}), 19: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('ar', 'Arabic'), ('en', 'English')], 'label': 'Language'}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Label', 'max_length': 60}), 21: ('wagtail.blocks.StructBlock', [[('label', 20), ('fact', 17)]], {}), 22: ('wagtail.blocks.ListBlock', (21,), {'label': 'Rows', 'max_num': 12, 'min_num': 1}), 23: ('wagtail.blocks.FloatBlock', (), {'default': 27, 'label': 'width of the labels (mm)', 'max_value': 400, 'min_value': 0}), 24: ('wagtail.blocks.FloatBlock', (), {'default': 10, 'label': 'size (pt)', 'max_value': 96, 'min_value': 3}), 25: ('wagtail.blocks.FloatBlock', (), {'default': 6, 'label': 'smallest size (pt)', 'max_value': 96, 'min_value': 3}), 26: ('wagtail.blocks.StructBlock', [[('language', 19), ('rows', 22), ('label_width', 23), ('size', 24), ('min_size', 25), ('place', 15)]], {}), 27: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 60}), 28: ('wagtail.blocks.StructBlock', [[('header', 27), ('fact', 17)]], {}), 29: ('wagtail.blocks.ListBlock', (28,), {'label': 'Columns', 'max_num': 6, 'min_num': 1}), 30: ('wagtail.blocks.StructBlock', [[('language', 19), ('columns', 29), ('size', 24), ('min_size', 25), ('place', 15)]], {}), 31: ('wagtail.images.blocks.ImageChooserBlock', (), {'help_text': 'Empty: the logo of the visual identity.', 'label': 'Picture', 'required': False}), 32: ('wagtail.blocks.CharBlock', (), {'label': 'Description for those who do not see it', 'max_length': 200, 'required': False}), 33: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('figure', 'picture with a meaning'), ('artifact', 'ornament, not read aloud')], 'label': 'Role'}), 34: ('wagtail.blocks.StructBlock', [[('image', 31), ('alt', 32), ('role', 33), ('place', 15)]], {}), 35: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('guilloche', 'guilloche'), ('plain', 'two plain lines'), ('line', 'one line'), ('band', 'colored band'), ('tape', 'measuring tape'), ('none', 'none')], 'label': 'Style'}), 36: ('wagtail.blocks.StructBlock', [[('style', 35), ('color', 7), ('place', 15)]], {}), 37: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('url', 'address (15 mm or more)'), ('offline', 'address and signed certificate, checked without a network (29 mm or more)')], 'label': 'Content'}), 38: ('wagtail.blocks.StructBlock', [[('payload', 37), ('place', 15)]], {}), 39: ('wagtail.blocks.CharBlock', (), {'help_text': 'Empty: the signatory of the template.', 'label': 'Name in Arabic', 'max_length': 80, 'required': False}), 40: ('wagtail.blocks.CharBlock', (), {'label': 'Name in English', 'max_length': 80, 'required': False}), 41: ('wagtail.blocks.CharBlock', (), {'label': 'Title in Arabic', 'max_length': 80, 'required': False}), 42: ('wagtail.blocks.CharBlock', (), {'label': 'Title in English', 'max_length': 80, 'required': False}), 43: ('wagtail.blocks.StructBlock', [[('name_ar', 39), ('name_en', 40), ('title_ar', 41), ('title_en', 42), ('align', 6), ('place', 15)]], {}), 44: ('wagtail.blocks.StructBlock', [[('look', 9), ('place', 15)]], {})}, help_text='Empty: the classic layout of the completion certificate.', verbose_name='blocks'),
        ),
        migrations.AddField(
            model_name='certificatetemplate',
            name='built_in',
            field=models.CharField(blank=True, editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name='certificatetemplate',
            name='page_format',
            field=models.CharField(choices=[('a4-landscape', 'A4, landscape'), ('a4-portrait', 'A4, portrait'), ('card', 'Card, front and back (85.6 × 53.98 mm)')], default='a4-landscape', help_text='Blocks on the sides of a card make a card beside an A4 page.', max_length=12, verbose_name='page'),
        ),
        migrations.AlterField(
            model_name='certificatetemplate',
            name='accent',
            field=models.CharField(blank=True, help_text='Empty: the one of the visual identity.', max_length=7, validators=[django.core.validators.RegexValidator('\\A#[0-9a-fA-F]{6}\\Z', 'Write the color as #RRGGBB.')], verbose_name='accent color'),
        ),
        migrations.AlterField(
            model_name='certificatetemplate',
            name='authority_ar',
            field=models.CharField(blank=True, help_text='Empty: the one of the visual identity.', max_length=80, verbose_name='authority in Arabic'),
        ),
        migrations.AlterField(
            model_name='certificatetemplate',
            name='authority_en',
            field=models.CharField(blank=True, help_text='Empty: the one of the visual identity.', max_length=80, verbose_name='authority in English'),
        ),
        migrations.AlterField(
            model_name='certificatetemplate',
            name='signatory_ar',
            field=models.CharField(blank=True, max_length=80, verbose_name='signatory in Arabic'),
        ),
        migrations.AlterField(
            model_name='certificatetemplate',
            name='signatory_en',
            field=models.CharField(blank=True, max_length=80, verbose_name='signatory in English'),
        ),
        migrations.AlterField(
            model_name='certificatetemplate',
            name='signatory_title_ar',
            field=models.CharField(blank=True, max_length=80, verbose_name='title of the signatory in Arabic'),
        ),
        migrations.AlterField(
            model_name='certificatetemplate',
            name='signatory_title_en',
            field=models.CharField(blank=True, max_length=80, verbose_name='title of the signatory in English'),
        ),
        migrations.AddConstraint(
            model_name='certificatetemplate',
            constraint=models.UniqueConstraint(condition=models.Q(('built_in', ''), _negated=True), fields=('built_in',), name='template_installed_once'),
        ),
    ]
