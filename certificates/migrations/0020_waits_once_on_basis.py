"""On one certificate waits one row of a kind: licences have no enrollment that would keep a second one out."""

from django.db import migrations, models

# Where two wait already, the later one goes back; its proposal can still be sent back.
RETURN_LATER = """
UPDATE certificates_proposalrow AS later SET state = 'returned'
WHERE later.state = 'eligible' AND EXISTS (
    SELECT 1 FROM certificates_proposalrow AS first
    WHERE first.state = 'eligible' AND first.basis_id = later.basis_id AND first.type_id = later.type_id
        AND first.id < later.id
)
"""


class Migration(migrations.Migration):
    dependencies = [("certificates", "0019_holds_from_its_issue")]

    operations = [
        migrations.RunSQL(RETURN_LATER, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="proposalrow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "eligible")),
                fields=("basis", "type"),
                name="proposal_row_waits_once_on_basis",
            ),
        ),
    ]
