"""Certificates and skills passports follow a merge of two records of one person to the record that is kept."""

import re
from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).parent / "sql"
SQL = (FOLDER / "holders_of_merged_records.sql").read_text(encoding="utf-8")


def as_before() -> str:
    """The two functions as the migration before made them."""
    first = (FOLDER / "append_only_rows.sql").read_text(encoding="utf-8")
    names = "certificates_only_end|certificates_passport_only_withdrawn"
    found = re.findall(rf"CREATE FUNCTION (?:{names})\(\).*?END \$\$;", first, re.DOTALL)
    return "\n".join(one.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") for one in found)


class Migration(migrations.Migration):
    dependencies = [("certificates", "0005_facts_of_practice"), ("accounts", "0006_merges_are_kept")]

    operations = [migrations.RunSQL(SQL, as_before())]
