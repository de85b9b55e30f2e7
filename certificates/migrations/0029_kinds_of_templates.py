"""A template names the kinds of certificates it can print: a statement of attendance had been printed as a license."""

import django.contrib.postgres.fields
from django.db import migrations, models

KINDS = ["completion", "skill_level", "licence", "supplement", "attendance"]
BUILT_IN = {
    "completion": "completion",
    "skill_level": "skill_level",
    "licence_card": "licence",
    "supplement": "supplement",
}


def name_kinds(apps, schema_editor):
    """Built-in designs by their name; other templates by what they are the usual one of and what was approved on them.

    A template of which neither says anything prints completions: its wording began as that of one.
    """
    template_model = apps.get_model("certificates", "CertificateTemplate")
    type_model = apps.get_model("certificates", "CredentialType")
    proposal_model = apps.get_model("certificates", "Proposal")
    revision_model = apps.get_model("wagtailcore", "Revision")
    for template in template_model.objects.all():
        if template.built_in in BUILT_IN:
            kinds = [BUILT_IN[template.built_in]]
        else:
            used = {
                *type_model.objects.filter(template=template).values_list("kind", flat=True),
                *proposal_model.objects.filter(template=template, state="approved").values_list(
                    "type__kind", flat=True
                ),
            }
            kinds = [kind for kind in KINDS if kind in used] or ["completion"]
        template.kinds = kinds
        template.save(update_fields=["kinds"])
        # What is published later from a revision of before must name them, too.
        revisions = revision_model.objects.filter(
            content_type__app_label="certificates",
            content_type__model="certificatetemplate",
            object_id=str(template.pk),
        )
        for revision in revisions.iterator(chunk_size=100):
            revision.content["kinds"] = kinds
            revision.save(update_fields=["content"])


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0028_program_of_credentials"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.AddField(
            model_name="certificatetemplate",
            name="kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("completion", "completion"),
                        ("skill_level", "skill level"),
                        ("licence", "licence to practise"),
                        ("supplement", "supplement"),
                        ("attendance", "attendance"),
                    ],
                    max_length=12,
                ),
                default=list,
                help_text="Proposals of other kinds of certificates cannot use this template.",
                size=None,
                verbose_name="what it can print",
            ),
        ),
        migrations.RunPython(name_kinds, migrations.RunPython.noop),
    ]
