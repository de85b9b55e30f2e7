"""The reason of what was based on a certificate that was taken back, and an index to find it."""

import django.db.models.fields.json
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0029_kinds_of_templates"),
    ]

    operations = [
        migrations.AlterField(
            model_name="copy",
            name="reason",
            field=models.CharField(
                choices=[
                    ("issued_in_error", "issued in error"),
                    ("name_corrected", "the name had to be corrected"),
                    ("facts_corrected", "what it said had to be corrected"),
                    ("fraud", "obtained by fraud"),
                    ("withdrawn_by_authority", "withdrawn by the authority"),
                    ("court_order", "by order of a court"),
                    ("under_investigation", "under investigation"),
                    ("conditions_not_met", "its conditions are no longer met"),
                    ("basis_withdrawn", "the certificate it is based on was revoked or suspended"),
                    ("lost", "the paper was lost"),
                    ("damaged", "the paper was damaged"),
                ],
                max_length=24,
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="correction",
            field=models.CharField(
                blank=True,
                choices=[
                    ("issued_in_error", "issued in error"),
                    ("name_corrected", "the name had to be corrected"),
                    ("facts_corrected", "what it said had to be corrected"),
                    ("fraud", "obtained by fraud"),
                    ("withdrawn_by_authority", "withdrawn by the authority"),
                    ("court_order", "by order of a court"),
                    ("under_investigation", "under investigation"),
                    ("conditions_not_met", "its conditions are no longer met"),
                    ("basis_withdrawn", "the certificate it is based on was revoked or suspended"),
                    ("lost", "the paper was lost"),
                    ("damaged", "the paper was damaged"),
                ],
                max_length=24,
                verbose_name="correction",
            ),
        ),
        migrations.AlterField(
            model_name="statusevent",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("issued_in_error", "issued in error"),
                    ("name_corrected", "the name had to be corrected"),
                    ("facts_corrected", "what it said had to be corrected"),
                    ("fraud", "obtained by fraud"),
                    ("withdrawn_by_authority", "withdrawn by the authority"),
                    ("court_order", "by order of a court"),
                    ("under_investigation", "under investigation"),
                    ("conditions_not_met", "its conditions are no longer met"),
                    ("basis_withdrawn", "the certificate it is based on was revoked or suspended"),
                    ("lost", "the paper was lost"),
                    ("damaged", "the paper was damaged"),
                ],
                max_length=24,
                verbose_name="reason",
            ),
        ),
        migrations.AddIndex(
            model_name="credential",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("basis", "facts"),
                condition=models.Q(("facts__has_key", "basis")),
                name="credential_of_basis",
            ),
        ),
    ]
