"""The kinds of certificates that the law knows, and the rules by which they are issued."""

from django.db import migrations

# code and kind, Arabic name, English name, prefix of numbers, rule
TYPES = (
    ("completion", "شهادة إتمام برنامج تدريبي", "Certificate of Completion", "", {"completed": True}),
    (
        "skill_level",
        "شهادة قياس مستوى المهارة",
        "Skill Level Certificate",
        "SL-",
        {"completed": True, "identity_document": True},
    ),
    ("licence", "ترخيص مزاولة حرفة", "License to Practice a Trade", "LC-", {"completed": False}),
    ("supplement", "ملحق الشهادة", "Certificate Supplement", "TR-", {"completed": True}),
    (
        "attendance",
        "إفادة حضور",
        "Certificate of Attendance",
        "AT-",
        {"completed": False, "attendance_percent": 75},
    ),
)


def write_types(apps, _schema_editor):
    types = apps.get_model("certificates", "CredentialType").objects
    rules = apps.get_model("certificates", "IssuingRule").objects
    made = {}
    for code, arabic, english, prefix, rule in TYPES:
        made[code] = types.create(
            code=code.replace("_", "-"), kind=code, name_ar=arabic, name_en=english, number_prefix=prefix
        )
        # Law 14/2025, art. 27: a license needs a skill-level certificate.
        basis = made["skill_level"] if code == "licence" else None
        rules.create(type=made[code], version=1, prerequisite=basis, **rule)


class Migration(migrations.Migration):
    dependencies = [("certificates", "0002_append_only_rows")]

    operations = [migrations.RunPython(write_types, migrations.RunPython.noop)]
