"""The first kinds of certificates, and what they mean for the rows of before."""

from django.db import migrations
from django.db.models import F, OuterRef, Subquery

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
    ("licence", "ترخيص مزاولة حرفة", "Licence to Practise a Trade", "LC-", {"completed": False}),
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
        # Law 14/2025, art. 27: a licence needs a skill-level certificate.
        basis = made["skill_level"] if code == "licence" else None
        rules.create(type=made[code], version=1, basis=basis, **rule)


def place_rows(apps, _schema_editor):
    model = {
        name: apps.get_model("certificates", name)
        for name in ("CredentialType", "NumberSeries", "Proposal", "ProposalRow", "Credential")
    }
    completion = model["CredentialType"].objects.get(code="completion")
    for name in ("NumberSeries", "Proposal", "ProposalRow", "Credential"):
        model[name].objects.update(type=completion)
    cohorts = apps.get_model("courses", "Cohort").objects
    enrollments = apps.get_model("courses", "Enrollment").objects
    center = Subquery(cohorts.filter(pk=OuterRef("cohort")).values("center"))
    person = Subquery(enrollments.filter(pk=OuterRef("enrollment")).values("person"))
    model["Proposal"].objects.update(center=center)
    rows = model["ProposalRow"].objects
    rows.update(person=person)
    rows.filter(proposal__state="approved").update(state="approved")
    rows.filter(proposal__state="rejected").update(state="returned")
    # Rows that still wait have no facts yet: their approval asks for a new proposal.
    model["Credential"].objects.update(holder=person, valid_from=F("issued_on"))
    model["Credential"].objects.filter(is_live=False).update(state="revoked")


def forget_types(apps, _schema_editor):
    """Only where nothing else hangs on them: going back is for a release that never issued."""
    apps.get_model("certificates", "IssuingRule").objects.all().delete()
    for name in ("NumberSeries", "Proposal", "ProposalRow", "Credential"):
        apps.get_model("certificates", name).objects.update(type=None)
    apps.get_model("certificates", "CredentialType").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("certificates", "0003_credential_model"), ("courses", "0005_skill_levels")]

    operations = [
        migrations.RunPython(write_types, forget_types),
        migrations.RunPython(place_rows, migrations.RunPython.noop),
    ]
