"""What a cell may say where a column has a choice: the labels of the site in every language, and what clerks write."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.enums import Education, MembershipScope, RoleName, Sex
from accounts.folding import fold_arabic
from courses.enums import Shift


@dataclass(frozen=True)
class Choice:
    """One of the values of a column, its label, and the other words for it."""

    value: Any
    label: str | Promise
    words: tuple[str, ...]

    def spellings(self) -> list[str]:
        """Each word once, the labels first."""
        labels = []
        for language, _name in settings.LANGUAGES:
            with override(language):
                labels.append(str(self.label))
        once: dict[str, str] = {}
        for word in (*labels, *self.words):
            once.setdefault(fold_arabic(word), word)
        return list(once.values())


class Vocabulary:
    """The choices of a column."""

    def __init__(
        self, words: Mapping[Any, tuple[str, ...]], *, labels: Mapping[Any, Any] | None = None
    ) -> None:
        self.choices = tuple(
            Choice(value, labels[value] if labels else value.label, spellings)
            for value, spellings in words.items()
        )

    @cached_property
    def _by_word(self) -> dict[str, Choice]:
        return {fold_arabic(word): choice for choice in self.choices for word in choice.spellings()}

    def choice_of(self, text: str) -> Choice | None:
        """None where no choice is called so."""
        return self._by_word.get(fold_arabic(text))


SEXES = Vocabulary(
    {
        Sex.FEMALE: ("female", "f", "أنثى", "أ", "بنت"),
        Sex.MALE: ("male", "m", "ذكر", "ذ", "ولد"),
    }
)
EDUCATIONS = Vocabulary(
    {
        Education.NONE: ("none", "بدون", "لا يوجد", "بدون مؤهل", "أمي", "يقرأ ويكتب"),
        Education.PRIMARY: ("ابتدائي", "ابتدائية", "الابتدائية"),
        Education.PREPARATORY: ("إعدادي", "إعدادية", "الإعدادية"),
        Education.SECONDARY: ("secondary", "diploma", "ثانوي", "ثانوية عامة", "دبلوم", "دبلوم فني", "ثانوي أو دبلوم فني"),
        Education.HIGHER: ("higher", "university", "institute", "جامعي", "بكالوريوس", "ليسانس", "معهد", "مؤهل عال", "معهد أو جامعة"),
    }
)  # fmt: skip
SHIFTS = Vocabulary(
    {
        Shift.MORNING: ("morning", "صباحي", "صباحية", "صباحا"),
        Shift.EVENING: ("evening", "مسائي", "مسائية", "مساء"),
    }
)
ROLES = Vocabulary(
    {
        RoleName.INSTRUCTOR: ("teacher", "مدربة", "مدرس", "محاضر"),
        RoleName.ASSESSOR: ("examiner", "مقيمة", "ممتحن", "ممتحنة"),
        RoleName.REGISTRAR: ("مسجلة", "موظف تسجيل", "موظفة تسجيل"),
        RoleName.CENTER_MANAGER: ("manager", "مديرة مركز", "مدير المركز", "مديرة المركز", "مدير", "مديرة"),
        RoleName.CERTIFYING_OFFICER: ("مسؤولة اعتماد الشهادات",),
        RoleName.MINISTRY_OFFICER: ("مسؤولة بالوزارة",),
        RoleName.AUDITOR: ("مراجعة",),
        RoleName.INSPECTOR: ("مفتشة",),
    }
)
PLACES = Vocabulary({MembershipScope.MINISTRY: ("ministry", "الوزارة")})
PASSED = Vocabulary(
    {
        True: ("yes", "passed", "pass", "نعم", "ناجح", "ناجحة", "نجح", "نجحت", "اجتاز", "اجتازت"),
        False: ("no", "failed", "fail", "لا", "راسب", "راسبة", "رسب", "رسبت", "لم يجتز", "لم تجتز"),
    },
    labels={True: _("passed"), False: _("not passed")},
)
