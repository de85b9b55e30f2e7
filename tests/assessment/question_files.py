"""Files of questions for tests, and runs that check and write them."""

import base64
import datetime as dt
import io
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.enums import RoleName
from accounts.models import Center, User
from assessment.enums import FileFormat, RemarkKind
from assessment.models import QuestionImport
from assessment.services.question_imports import start_question_import, upload_questions, work_on_file
from tests.factories.accounts import staff_member

# A choice, a statement that is true, one that is not closed, an essay, and a text without a question.
GIFT = """// [tag:سلامة] [tag:difficulty:4]
::خطوة::ما أول خطوة قبل فتح اللوحة؟ {=أفصل التيار ~أفتح اللوحة ~أستدعي زميلي}

يُقطع التيار قبل الفتح. {T}

ما وحدة التيار؟ {=أمبير

اشرح خطوات الفصل. {}

هذا شرح فقط.
"""
MOODLE = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
  <question type="category"><category><text>$course$/top/الكهرباء/السلامة</text></category></question>
  <question type="truefalse">
    <name><text>عزل</text></name>
    <questiontext format="html"><text><![CDATA[<p>المقبض المطاطي عازل.</p>]]></text></questiontext>
    <answer fraction="100"><text>true</text><feedback><text>أحسنت</text></feedback></answer>
    <answer fraction="0"><text>false</text></answer>
  </question>
  <question type="shortanswer">
    <name><text>جهاز</text></name>
    <questiontext format="html"><text>ما اسم الجهاز الذي يفصل التيار؟</text></questiontext>
    <answer fraction="100"><text>القاطع</text></answer>
  </question>
  <question type="essay">
    <name><text>مقال</text></name>
    <questiontext format="html"><text>اكتب عن السلامة.</text></questiontext>
  </question>
</quiz>
"""


def uploaded(
    data: bytes | str,
    *,
    owner: Center | None,
    by: User | None = None,
    file_format: FileFormat = FileFormat.GIFT,
    **options: Any,
) -> QuestionImport:
    role = RoleName.INSTRUCTOR if owner else RoleName.MINISTRY_OFFICER
    return upload_questions(
        owner=owner,
        name="questions.txt",
        chunks=[data.encode() if isinstance(data, str) else data],
        file_format=file_format,
        by=by or staff_member(role, owner),
        **options,
    )


def checked(data: bytes | str, **facts: Any) -> QuestionImport:
    return worked(uploaded(data, **facts))


def brought_in(data: bytes | str, **facts: Any) -> QuestionImport:
    run = checked(data, **facts)
    start_question_import(run_id=run.pk, by=run.uploaded_by)
    return worked(run)


def worked(run: QuestionImport) -> QuestionImport:
    work_on_file(run_id=run.pk)
    run.refresh_from_db()
    return run


def let_lease_expire(run: QuestionImport) -> None:
    """What recovery finds once the lease of a killed worker is over."""
    QuestionImport.objects.filter(pk=run.pk, lease_until__isnull=False).update(
        lease_until=timezone.now() - dt.timedelta(seconds=1)
    )


def counts(run: QuestionImport) -> tuple[int, int, int, int]:
    """New, already there, not supported, with errors."""
    return run.created, run.unchanged, run.unsupported, run.faulty


def png() -> bytes:
    file = io.BytesIO()
    picture = Image.new("RGB", (400, 300), "#eef")
    picture.paste("#b03030", (40, 30, 160, 120))
    picture.save(file, "PNG")
    return file.getvalue()


def places_on_a_picture(
    picture: bytes | None = None, *, name: str = "board.png", has_equivalent: bool = True
) -> str:
    """A question of Moodle about a place on a picture."""
    file = base64.b64encode(png() if picture is None else picture).decode()
    equivalent = (
        """<equivalent><question type="multichoice"><questiontext format="html"><text>ما الذي يفصل التيار؟</text></questiontext>
        <single>true</single><answer fraction="100"><text>القاطع</text></answer><answer fraction="0"><text>المصباح</text></answer></question></equivalent>"""
        if has_equivalent
        else ""
    )
    return f"""<quiz><question type="ddmarker"><name><text>لوحة</text></name>
    <questiontext format="html"><text>أين القاطع؟</text></questiontext>
    <file name="{name}" encoding="base64">{file}</file>
    <drag><no>1</no><text>هنا</text><noofdrags>1</noofdrags></drag>
    <drop><no>1</no><shape>rectangle</shape><coords>40,30;120,90</coords><choice>1</choice></drop>{equivalent}</question></quiz>"""


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(
    client: Client, data: bytes, *, center: Center | None, name: str = "questions.xml", **typed: Any
) -> Any:
    file = SimpleUploadedFile(name, data)
    owner = str(center.pk) if center else ""
    return client.post(reverse("question_imports:add"), {"file": file, "owner": owner, **typed})


def taken(client: Client, taken_out_as: str, **filters: str) -> Any:
    address = reverse("bank:take_out") + (
        "?" + "&".join(f"{name}={value}" for name, value in filters.items())
    )
    return client.post(address, {"as": taken_out_as})


def file_of(run: QuestionImport) -> Path:
    return Path(storages["private"].path(f"question-imports/{run.public_id}"))


def remarks(run: QuestionImport, kind: RemarkKind) -> list[tuple[int, str]]:
    return list(run.remarks.filter(kind=kind).order_by("line").values_list("line", "code"))
