"""The pictures of designs never change: papers are drawn again from them."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER design_asset_immutable BEFORE UPDATE OR DELETE ON certificates_designasset
    FOR EACH ROW EXECUTE FUNCTION certificates_refuse_change();
"""

BACKWARD = "DROP TRIGGER design_asset_immutable ON certificates_designasset;"


class Migration(migrations.Migration):
    dependencies = [("certificates", "0008_designer")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
