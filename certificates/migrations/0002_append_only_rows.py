"""What was issued, decided, counted and logged stays as it was written: triggers that no code path can forget.

Verifiers and holders rely on it for decades, so it binds any writer, the database shell included.
"""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "append_only_rows.sql").read_text(encoding="utf-8")
# Their triggers go along.
FUNCTIONS = (
    "certificates_refuse_change",
    "certificates_only_end",
    "certificates_moves_with_event",
    "certificates_nobody_about_themselves",
    "certificates_passport_only_withdrawn",
    "certificates_decision_stands",
    "certificates_row_was_decided",
    "certificates_rule_in_use",
    "certificates_only_grows",
    "certificates_center_numbered",
    "certificates_type_numbered",
    "certificates_type_named",
    "certificates_key_only_ends",
    "certificates_no_rollover_by_compromised_key",
    "certificates_wait_for_log",
    "certificates_refuse_truncate",
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial"), ("certificates", "0001_initial")]

    operations = [migrations.RunSQL(SQL, f"DROP FUNCTION {', '.join(FUNCTIONS)} CASCADE")]
