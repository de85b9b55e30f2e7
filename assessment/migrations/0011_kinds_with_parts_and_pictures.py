"""Quizzes have steps in order, gaps in a text and places on a picture, whose pictures are rows."""

from pathlib import Path

import django.db.models.functions.text
import django.db.models.lookups
import wagtail.fields
from django.db import migrations, models

SQL = (Path(__file__).parent / "sql" / "pictures_are_kept.sql").read_text(encoding="utf-8")
UNDO = "DROP TRIGGER question_picture_is_kept ON assessment_questionpicture"


class Migration(migrations.Migration):

    dependencies = [
        ('assessment', '0010_attempts_keep_accommodations'),
    ]

    operations = [
        migrations.AlterField(
            model_name='questionversion',
            name='kind',
            field=models.CharField(choices=[('single', 'one right answer'), ('multiple', 'several right answers'), ('true_false', 'true or false'), ('numeric', 'a number'), ('short_text', 'a word'), ('matching', 'pairs'), ('ordering', 'steps in order'), ('fill_in', 'gaps in a text'), ('hotspot', 'places on a picture')], max_length=10, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='quizpage',
            name='questions',
            field=wagtail.fields.StreamField([('single', 7), ('multiple', 7), ('true_false', 10), ('numeric', 24), ('short_text', 28), ('matching', 35), ('ordering', 39), ('fill_in', 47), ('hotspot', 53)], block_lookup={0: ('wagtail.blocks.TextBlock', (), {'label': 'Question', 'max_length': 1000, 'rows': 2}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'Option', 'max_length': 200}), 2: ('wagtail.blocks.BooleanBlock', (), {'label': 'Right', 'required': False}), 3: ('wagtail.blocks.StructBlock', [[('text', 1), ('is_right', 2)]], {}), 4: ('wagtail.blocks.ListBlock', (3,), {'label': 'Options', 'max_num': 8, 'min_num': 2}), 5: ('wagtail.blocks.TextBlock', (), {'help_text': 'Shown after marking. Say why, so that a next attempt teaches something.', 'label': 'Explanation', 'max_length': 1000, 'required': False, 'rows': 2}), 6: ('wagtail.blocks.IntegerBlock', (), {'default': 1, 'label': 'Points', 'max_value': 100, 'min_value': 1}), 7: ('wagtail.blocks.StructBlock', [[('text', 0), ('options', 4), ('explanation', 5), ('points', 6)]], {}), 8: ('wagtail.blocks.TextBlock', (), {'label': 'Statement', 'max_length': 1000, 'rows': 2}), 9: ('wagtail.blocks.BooleanBlock', (), {'label': 'The statement is true', 'required': False}), 10: ('wagtail.blocks.StructBlock', [[('text', 8), ('is_true', 9), ('explanation', 5), ('points', 6)]], {}), 11: ('wagtail.blocks.CharBlock', (), {'help_text': 'Such as 3.14 or 1/3. With generated values a formula: {u} / {r}, sqrt({a}^2 + {b}^2).', 'label': 'Right number', 'max_length': 200}), 12: ('wagtail.blocks.CharBlock', (), {'default': '0', 'help_text': 'How far from it is still right: a number such as 0.01, or a share such as 5%.', 'label': 'Tolerance', 'max_length': 20}), 13: ('wagtail.blocks.CharBlock', (), {'label': 'Unit of measurement', 'max_length': 20}), 14: ('wagtail.blocks.CharBlock', (), {'default': '1', 'help_text': '1 for the first one. For centimeters after meters: 1/100.', 'label': 'How much of the first unit', 'max_length': 20}), 15: ('wagtail.blocks.StructBlock', [[('name', 13), ('factor', 14)]], {}), 16: ('wagtail.blocks.ListBlock', (15,), {'default': [], 'help_text': 'Units that may be typed behind the number. Without any, the number is typed alone.', 'label': 'Units of measurement', 'max_num': 10}), 17: ('wagtail.blocks.BooleanBlock', (), {'label': 'A unit has to be typed', 'required': False}), 18: ('wagtail.blocks.RegexBlock', (), {'error_messages': {'invalid': 'A name has Latin letters, digits and _, and begins with a letter.'}, 'label': 'Name', 'regex': '^[A-Za-z_][A-Za-z_0-9]{0,30}$'}), 19: ('wagtail.blocks.CharBlock', (), {'label': 'From', 'max_length': 20}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'Up to', 'max_length': 20}), 21: ('wagtail.blocks.CharBlock', (), {'default': '1', 'label': 'In steps of', 'max_length': 20}), 22: ('wagtail.blocks.StructBlock', [[('name', 18), ('low', 19), ('high', 20), ('step', 21)]], {}), 23: ('wagtail.blocks.ListBlock', (22,), {'default': [], 'help_text': 'Each attempt gets numbers of its own. Write {name} in the question where one is shown.', 'label': 'Generated values', 'max_num': 10}), 24: ('wagtail.blocks.StructBlock', [[('text', 0), ('value', 11), ('tolerance', 12), ('units', 16), ('is_unit_asked', 17), ('variables', 23), ('explanation', 5), ('points', 6)]], {}), 25: ('wagtail.blocks.CharBlock', (), {'label': 'Answer', 'max_length': 200}), 26: ('wagtail.blocks.ListBlock', (25,), {'help_text': 'Every one is right. Hamza, vowel signs and capital letters do not matter; * is any words.', 'label': 'Right answers', 'max_num': 20, 'min_num': 1}), 27: ('wagtail.blocks.BooleanBlock', (), {'help_text': 'As in a symbol: NaCl, mW.', 'label': 'The spelling matters', 'required': False}), 28: ('wagtail.blocks.StructBlock', [[('text', 0), ('accepted', 26), ('is_exact', 27), ('explanation', 5), ('points', 6)]], {}), 29: ('wagtail.blocks.CharBlock', (), {'label': 'This', 'max_length': 200}), 30: ('wagtail.blocks.CharBlock', (), {'label': 'belongs to this', 'max_length': 200}), 31: ('wagtail.blocks.StructBlock', [[('left', 29), ('right', 30)]], {}), 32: ('wagtail.blocks.ListBlock', (31,), {'label': 'Pairs', 'max_num': 8, 'min_num': 2}), 33: ('wagtail.blocks.CharBlock', (), {'label': 'Choice', 'max_length': 200}), 34: ('wagtail.blocks.ListBlock', (33,), {'default': [], 'label': 'Choices that belong to nothing', 'max_num': 4}), 35: ('wagtail.blocks.StructBlock', [[('text', 0), ('pairs', 32), ('others', 34), ('explanation', 5), ('points', 6)]], {}), 36: ('wagtail.blocks.CharBlock', (), {'label': 'Step', 'max_length': 200}), 37: ('wagtail.blocks.ListBlock', (36,), {'help_text': 'Trainees see them mixed, each in an order of their own.', 'label': 'Steps in the right order', 'max_num': 10, 'min_num': 3}), 38: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('all', 'all or nothing'), ('places', 'for each step in its place'), ('neighbors', 'for each step that is followed by the right one')], 'label': 'How an order earns marks'}), 39: ('wagtail.blocks.StructBlock', [[('text', 0), ('items', 37), ('credit', 38), ('explanation', 5), ('points', 6)]], {}), 40: ('wagtail.blocks.TextBlock', (), {'help_text': 'Write [[1]] where the first gap is, [[2]] where the second is, and so on.', 'label': 'Text with gaps', 'max_length': 2000, 'rows': 4}), 41: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('short_text', 'a word'), ('numeric', 'a number'), ('single', 'one of several choices')], 'label': 'What is filled in'}), 42: ('wagtail.blocks.ListBlock', (25,), {'help_text': 'Several words or numbers may be right, and one choice.', 'label': 'Right answers', 'max_num': 20, 'min_num': 1}), 43: ('wagtail.blocks.ListBlock', (33,), {'default': [], 'help_text': 'Only where one of several choices is filled in.', 'label': 'Wrong choices', 'max_num': 7}), 44: ('wagtail.blocks.CharBlock', (), {'default': '0', 'help_text': 'Of a number: 0.01, or a share such as 5%.', 'label': 'Tolerance', 'max_length': 20}), 45: ('wagtail.blocks.StructBlock', [[('kind', 41), ('right', 42), ('wrong', 43), ('tolerance', 44)]], {}), 46: ('wagtail.blocks.ListBlock', (45,), {'label': 'Gaps', 'max_num': 30, 'min_num': 1}), 47: ('wagtail.blocks.StructBlock', [[('text', 40), ('gaps', 46), ('explanation', 5), ('points', 6)]], {}), 48: ('wagtail.documents.blocks.DocumentChooserBlock', (), {'help_text': 'Upload a JPEG, PNG or WebP file here, not to the library of pictures, whose pictures have public addresses: this one is seen by staff, and by trainees from when they begin.', 'label': 'Picture'}), 49: ('wagtail.blocks.CharBlock', (), {'help_text': 'For those who cannot see it. Do not say what is asked for.', 'label': 'What the picture shows', 'max_length': 300}), 50: ('wagtail.blocks.TextBlock', (), {'help_text': 'Draw a frame around each right place on the picture. Or type a line for each: left, top, right, bottom, from 0 to 1000.', 'label': 'Right places', 'max_length': 2000}), 51: ('wagtail.blocks.TextBlock', (), {'help_text': 'For those who cannot see the picture. It has to be as difficult.', 'label': 'The same question without the picture', 'max_length': 1000, 'rows': 2}), 52: ('wagtail.blocks.ListBlock', (3,), {'label': 'Options without the picture', 'max_num': 8, 'min_num': 2}), 53: ('wagtail.blocks.StructBlock', [[('text', 0), ('picture', 48), ('alt', 49), ('areas', 50), ('instead_text', 51), ('instead_options', 52), ('explanation', 5), ('points', 6)]], {})}, verbose_name='questions'),
        ),
        migrations.CreateModel(
            name='QuestionPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(editable=False, max_length=40, unique=True)),
                ('data', models.BinaryField()),
                ('width', models.PositiveSmallIntegerField()),
                ('height', models.PositiveSmallIntegerField()),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='written at')),
            ],
            options={
                'verbose_name': 'picture of a question',
                'verbose_name_plural': 'pictures of questions',
                'constraints': [models.CheckConstraint(condition=django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length(models.F('data')), 80000), name='question_picture_is_small')],
            },
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
