"""Pictures that are the logo or the emblem of the site are not deleted, and Wagtail's index of references knows of them."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from wagtail.models import ReferenceIndex


def index_pictures(apps: Any, schema_editor: Any) -> None:
    """As Wagtail indexes them from now on, whenever the visual identity is saved."""
    types = apps.get_model("contenttypes", "ContentType").objects
    index = apps.get_model("wagtailcore", "ReferenceIndex").objects
    for identity in apps.get_model("accounts", "VisualIdentity").objects.all():
        source = types.get(app_label="accounts", model="visualidentity")
        for name in ("logo", "emblem"):
            picture = getattr(identity, f"{name}_id")
            if picture is None:
                continue
            index.get_or_create(
                base_content_type=source,
                content_type=source,
                object_id=str(identity.pk),
                to_content_type=types.get(app_label="wagtailimages", model="image"),
                to_object_id=str(picture),
                content_path_hash=ReferenceIndex._get_content_path_hash(name),
                defaults={"model_path": name, "content_path": name},
            )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0014_ways_to_a_center'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('wagtailcore', '0098_apitoken'),
        ('wagtailimages', '0027_image_description'),
    ]

    operations = [
        migrations.AlterField(
            model_name='visualidentity',
            name='emblem',
            field=models.ForeignKey(blank=True, help_text='Printed on certificates. Without one, they show the logo or an engraved ornament.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailimages.image', verbose_name='emblem of the state'),
        ),
        migrations.AlterField(
            model_name='visualidentity',
            name='logo',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailimages.image', verbose_name='logo'),
        ),
        migrations.RunPython(index_pictures, migrations.RunPython.noop),
    ]
