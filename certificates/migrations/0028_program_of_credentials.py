"""The newest certificate of a kind and a program is found without reading all."""

from django.db import migrations, models
from django.db.models.fields.json import KeyTextTransform


class Migration(migrations.Migration):
    dependencies = [("certificates", "0027_named_kinds")]

    operations = [
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(
                "type",
                KeyTextTransform("program_code", "facts"),
                models.F("id").desc(),
                name="credential_of_program",
            ),
        ),
    ]
