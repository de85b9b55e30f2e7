"""A file may be archived again; every archive says of which file it is."""

import django.db.models.deletion
from django.db import migrations, models

# Rows of this table are immutable: this once they say what they were made of. The constraints are asked before the table
# is altered again.
FORWARD = """
ALTER TABLE certificates_artifact DISABLE TRIGGER artifact_immutable;
UPDATE certificates_artifact archive SET archive_of_id = paper.id
    FROM certificates_artifact paper
    WHERE archive.kind = 'archive' AND paper.kind = 'paper' AND paper.credential_id = archive.credential_id
        AND paper.copy_id IS NOT DISTINCT FROM archive.copy_id;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
ALTER TABLE certificates_artifact ENABLE TRIGGER artifact_immutable;
"""
ARCHIVE = models.Q(kind="archive")


class Migration(migrations.Migration):
    dependencies = [("certificates", "0020_waits_once_on_basis")]

    operations = [
        migrations.AddField(
            model_name="artifact",
            name="archive_of",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="archives",
                to="certificates.artifact",
            ),
        ),
        migrations.AddField(
            model_name="artifact",
            name="stamp_key_id",
            field=models.CharField(blank=True, default="", editable=False, max_length=60),
            preserve_default=False,
        ),
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="artifact", name="artifact_once"),
        migrations.AddConstraint(
            model_name="artifact",
            constraint=models.UniqueConstraint(
                condition=~ARCHIVE,
                fields=("credential", "kind", "copy"),
                name="artifact_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="artifact",
            constraint=models.CheckConstraint(
                condition=models.Q(("archive_of__isnull", False), ("kind", "archive"))
                | (~ARCHIVE & models.Q(("archive_of__isnull", True))),
                name="artifact_archive_of_a_file",
            ),
        ),
    ]
