"""Sentences that a native editor wrote, where a library or a translator had others."""

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.translation import gettext, override

from tests.factories.accounts import TraineeFactory


def test_a_wrong_login_has_one_short_error(client: Client, db: None):
    page = client.post("/ar/accounts/login/", {"login": "01012345678", "password": "wrong"})

    assert "الرقم أو كلمة المرور غير صحيح" in page.content.decode()
    assert "و / أو" not in page.content.decode()


def test_sign_up_explains_passwords_in_one_line(client: Client, db: None):
    page = client.get("/ar/accounts/signup/").content.decode()

    assert "٨ أحرف أو أرقام على الأقل، لا تشبه اسمك أو هاتفك" in page
    assert "مشابهة" not in page


@pytest.mark.parametrize("password", ["mahmoud", "password", "01012345678"])
def test_a_refused_password_is_refused_in_good_arabic(password: str, db: None):
    trainee = TraineeFactory(username="mahmoud", display_name="mahmoud", phone="+201012345678")

    with override("ar"):
        with pytest.raises(ValidationError) as refusal:
            validate_password(password, trainee)
        told = " ".join([*refusal.value.messages, *password_validators_help_texts()])

    assert "لا تشبه اسمك" in told
    assert not {"مشابهة", "لا يمكن", "بالكامل"} & set(told.split())


@pytest.mark.parametrize(
    ("english", "arabic"),
    [
        ("Past programs", "برامجي السابقة"),
        ("Review your answers", "مراجعة إجاباتك"),
        ("I have finished this lesson", "أنهيت الدرس"),
        ("What is shared", "ما ستشاركه"),
        ("Live classes", "الحصص المباشرة"),
        ("No one is watching the broadcast yet", "لا أحد يشاهد البث بعد"),
        ("You are already enrolled in this program.", "أنت مسجَّل في هذا البرنامج بالفعل."),
        ("Auto: fits your connection", "تلقائي: حسب اتصالك"),
    ],
)
def test_a_sentence_reads_as_an_editor_wrote_it(english: str, arabic: str):
    with override("ar"):
        assert gettext(english) == arabic
