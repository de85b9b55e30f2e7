"""The audit trail, and Wagtail's logs under it, are append-only. Triggers enforce it.

Two functions take personal data out where the law asks for it; they run as the owner of the tables, and the triggers let the
owner do that and nothing else. Each use is a row of the trail, by which `manage.py verify_audit` knows it.
"""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parent / "sql" / "append_only_rows.sql").read_text(encoding="utf-8")
# Their triggers go along.
FUNCTIONS = (
    "accounts_audit_refuse",
    "accounts_audit_refuse_truncate",
    "accounts_audit_only_wiped",
    "accounts_log_only_wiped",
    "accounts_audit_only_appended",
    "accounts_erase_audit",
    "accounts_expire_audit_addresses",
)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial")]

    operations = [migrations.RunSQL(SQL, f"DROP FUNCTION {', '.join(FUNCTIONS)} CASCADE")]
