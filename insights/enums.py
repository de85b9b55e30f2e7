"""Enumerations of this app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from courses.enums import Risk, WithdrawalReason


class Stage(models.TextChoices):
    """Where an enrollment was at the end of a day. Each is in exactly one."""

    ACTIVE = "active", pgettext_lazy("stage of a trainee", "on track")
    AT_RISK = "at_risk", pgettext_lazy("stage of a trainee", "at risk")
    COMPLETED = "completed", pgettext_lazy("stage of a trainee", "completed, no certificate yet")
    CERTIFIED = "certified", pgettext_lazy("stage of a trainee", "certified")
    WITHDRAWN = "withdrawn", pgettext_lazy("stage of a trainee", "withdrawn")
    FAILED = "failed", pgettext_lazy("stage of a trainee", "not completed")


class OtherRisk(models.TextChoices):
    """Reasons for which `courses.enums.Risk` has no word: more than one rule found the enrollment, or the rules that figures had of their own."""

    SEVERAL = "several", _("several reasons")
    # Of days that were recorded before figures took the rules of the workspace.
    NO_PROGRESS = "no_progress", _("no progress, by an earlier rule")
    BOTH = "both", _("no progress, and attendance below what is asked, by an earlier rule")


# Why somebody withdrew, and why somebody is at risk: no value is in two of these.
REASON_CHOICES = [*WithdrawalReason.choices, *Risk.choices, *OtherRisk.choices]
REASONS: dict[str, object] = dict(REASON_CHOICES)


class AgeBand(models.TextChoices):
    """The age on the day of enrollment."""

    UNDER_18 = "u18", _("under 18")
    FROM_18 = "18_24", _("18 to 24")
    FROM_25 = "25_34", _("25 to 34")
    FROM_35 = "35_44", _("35 to 44")
    FROM_45 = "45_up", _("45 and over")


class Measure(models.TextChoices):
    """What a figure counts. Applications come first once there are any (`admissions`)."""

    ENROLLED = "enrolled", pgettext_lazy("number of trainees", "Enrolled")
    ACTIVE = "active", pgettext_lazy("number of trainees", "Learning")
    AT_RISK = "at_risk", pgettext_lazy("number of trainees", "At risk")
    COMPLETED = "completed", pgettext_lazy("number of trainees", "Completed")
    CERTIFIED = "certified", pgettext_lazy("number of trainees", "Certified")
    DROPPED = "dropped", pgettext_lazy("number of trainees", "Dropped out")

    @property
    def stages(self) -> tuple[Stage, ...]:
        return STAGES[self]


STAGES: dict[str, tuple[Stage, ...]] = {
    Measure.ENROLLED: tuple(Stage),
    # Those at risk still learn; those with a certificate completed.
    Measure.ACTIVE: (Stage.ACTIVE, Stage.AT_RISK),
    Measure.AT_RISK: (Stage.AT_RISK,),
    Measure.COMPLETED: (Stage.COMPLETED, Stage.CERTIFIED),
    Measure.CERTIFIED: (Stage.CERTIFIED,),
    Measure.DROPPED: (Stage.WITHDRAWN, Stage.FAILED),
}


class Cut(models.TextChoices):
    """What a table of figures has a line for. Each is a field of `FigureSnapshot` and of `EnrollmentSpan`."""

    GOVERNORATE = "governorate", pgettext_lazy("breakdown of figures", "governorate")
    CENTER = "center", pgettext_lazy("breakdown of figures", "center")
    PROGRAM = "program", pgettext_lazy("breakdown of figures", "program")
    OCCUPATION = "occupation", pgettext_lazy("breakdown of figures", "occupation")
    SEX = "sex", pgettext_lazy("breakdown of figures", "sex")
    AGE_BAND = "age_band", pgettext_lazy("breakdown of figures", "age at enrollment")
    ENROLLED_MONTH = "enrolled_month", pgettext_lazy("breakdown of figures", "month of enrollment")


class PublicMeasure(models.TextChoices):
    """What the public figures of a quarter count."""

    ENROLLED = "enrolled", _("enrolled in the quarter")
    COMPLETED = "completed", _("completed in the quarter")
