"""Introductions of keys are only ever added, so their table is never emptied, either."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER keyhandover_never_emptied BEFORE TRUNCATE ON certificates_keyhandover
    FOR EACH STATEMENT EXECUTE FUNCTION certificates_refuse_truncate();
"""
BACKWARD = "DROP TRIGGER keyhandover_never_emptied ON certificates_keyhandover;"


class Migration(migrations.Migration):
    dependencies = [("certificates", "0025_cards_for_the_press")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
