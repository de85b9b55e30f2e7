"""Plans of cohorts: trainees with their outcomes, and sessions. Days count from today."""

from dataclasses import dataclass
from enum import StrEnum

from courses.enums import CohortState, SessionKind, Shift


class Outcome(StrEnum):
    """How an enrollment goes."""

    STARTED = "started"
    HALFWAY = "halfway"
    # Everything studied; completes where every class is over too.
    DONE = "done"
    # Fell behind, and does not complete when the cohort closes.
    ABSENT = "absent"
    WITHDRAWN = "withdrawn"
    # Took a seat before the start and gave it back.
    GAVE_BACK = "gave_back"


# The place of the first trainee among those of the main center: the last.
FIRST_TRAINEE = -1


@dataclass(frozen=True)
class Meeting:
    """A class; `venue` is an index into the venues of the center, None for a live class.

    The day is a working day: a meeting that would be on a Friday is on the day before. An open register waits for its
    instructor, who has recorded some of the trainees.
    """

    day: int
    hour: int
    kind: SessionKind
    title: str
    venue: int | None = 0
    hours: int = 3
    is_register_open: bool = False


@dataclass(frozen=True)
class CohortPlan:
    """`seated`: index of the trainee among those of the center, and their outcome.

    `course_days`: the day of the cohort with which each course opens; without, every unit is open from the beginning.
    `last_lesson_day`: the same of the last lesson alone.
    """

    key: str
    code: str
    program: str
    center: str
    starts: int
    ends: int
    shift: Shift
    seats: int
    state: CohortState
    seated: tuple[tuple[int, Outcome], ...] = ()
    meetings: tuple[Meeting, ...] = ()
    course_days: tuple[int, ...] = ()
    last_lesson_day: int | None = None


def _all(indices: range, outcome: Outcome) -> tuple[tuple[int, Outcome], ...]:
    return tuple((index, outcome) for index in indices)


def _weekly(first: int, count: int, hour: int, titles: tuple[str, ...], venue: int) -> tuple[Meeting, ...]:
    return tuple(
        Meeting(first + 7 * week, hour, SessionKind.WORKSHOP, titles[week % len(titles)], venue)
        for week in range(count)
    )


WIRING_DAYS = (
    "ورشة: تمديد دائرة إنارة",
    "ورشة: دائرة مقابس",
    "ورشة: تركيب لوحة التوزيع",
    "ورشة: الاختبار والتسليم",
)
WELDING_DAYS = ("ورشة: إشعال القوس", "ورشة: خط مستقيم", "ورشة: وصلة تناكبية", "ورشة: الفحص بالنظر")
SEWING_DAYS = ("ورشة: المقاسات", "ورشة: الباترون والقص", "ورشة: خياطة الجلابية", "ورشة: التشطيب")
CABLE_DAYS = ("معمل: المسارات والقنوات", "معمل: توصيل T568B", "معمل: لحام الألياف", "معمل: تقرير الاختبار")
PIPE_DAYS = ("ورشة: القطع والتسنين", "ورشة: وصل مواسير PPR", "ورشة: تركيب حوض")
KITCHEN_DAYS = ("مطبخ: التقطيع", "مطبخ: المرق والصوص", "مطبخ: طبق كامل")

# In order of time: a trainee who failed once may enroll again.
PLANS: tuple[CohortPlan, ...] = (
    CohortPlan(
        "past_networks", "NET-C1/CAI-03/0", "networks", "CAI-03", -130, -100, Shift.EVENING, 8, CohortState.CLOSED,
        (*_all(range(8, 12), Outcome.DONE), (FIRST_TRAINEE, Outcome.DONE), (12, Outcome.ABSENT)),
        _weekly(-127, 4, 17, CABLE_DAYS, 1),
    ),
    CohortPlan(
        "past_electrical", "ELE-H2/CAI-03/0", "electrical", "CAI-03", -80, -52, Shift.MORNING, 12, CohortState.CLOSED,
        (*_all(range(5), Outcome.DONE), *_all(range(5, 7), Outcome.ABSENT), (7, Outcome.WITHDRAWN)),
        _weekly(-76, 4, 9, WIRING_DAYS, 0),
    ),
    CohortPlan(
        "past_welding", "WLD-A1/GHR-01/1", "welding", "GHR-01", -40, -12, Shift.MORNING, 8, CohortState.CLOSED,
        (*_all(range(4), Outcome.DONE), *_all(range(4, 6), Outcome.ABSENT)),
        _weekly(-36, 4, 9, WELDING_DAYS, 0),
    ),
    # The cohort of the first trainee; its live classes are in `lms.demo.classes`.
    CohortPlan(
        "evening", "ELE-H2/CAI-03/1", "electrical", "CAI-03", -14, 40, Shift.EVENING, 12, CohortState.RUNNING,
        (
            (FIRST_TRAINEE, Outcome.HALFWAY), (5, Outcome.HALFWAY), (6, Outcome.STARTED), (14, Outcome.HALFWAY), (15, Outcome.DONE),
            (16, Outcome.HALFWAY), (17, Outcome.ABSENT), (19, Outcome.STARTED),
        ),
        (
            Meeting(-12, 17, SessionKind.WORKSHOP, WIRING_DAYS[0]),
            Meeting(-5, 17, SessionKind.WORKSHOP, WIRING_DAYS[1]),
            Meeting(-1, 17, SessionKind.WORKSHOP, WIRING_DAYS[2], is_register_open=True),
            Meeting(6, 17, SessionKind.WORKSHOP, WIRING_DAYS[2]),
            Meeting(13, 17, SessionKind.WORKSHOP, WIRING_DAYS[3]),
        ),
        last_lesson_day=16,
    ),
    CohortPlan(
        "networks", "NET-C1/CAI-03/1", "networks", "CAI-03", -20, 25, Shift.EVENING, 12, CohortState.RUNNING,
        (
            (0, Outcome.HALFWAY), (1, Outcome.STARTED), (14, Outcome.DONE), (15, Outcome.DONE), (16, Outcome.HALFWAY),
            (17, Outcome.ABSENT), (19, Outcome.WITHDRAWN),
        ),
        (
            *_weekly(-17, 6, 18, CABLE_DAYS, 1),
            Meeting(2, 20, SessionKind.LIVE, "لقاء مباشر: أسئلة التوصيل", None, 1),
            Meeting(9, 20, SessionKind.LIVE, "لقاء مباشر: قراءة تقرير الاختبار", None, 1),
        ),
    ),
    CohortPlan(
        "mobile", "TAI-B1/BNS-M2/1", "tailoring", "BNS-M2", -12, 16, Shift.MORNING, 10, CohortState.RUNNING,
        (
            *_all(range(2), Outcome.DONE), *_all(range(2, 6), Outcome.HALFWAY), *_all(range(6, 8), Outcome.STARTED),
            (8, Outcome.WITHDRAWN),
        ),
        _weekly(-10, 4, 10, SEWING_DAYS, 0),
        # The second course opens in these days.
        course_days=(0, 14),
    ),
    CohortPlan(
        "full", "WLD-A1/GHR-01/2", "welding", "GHR-01", 5, 60, Shift.MORNING, 5, CohortState.OPEN,
        _all(range(5, 10), Outcome.STARTED), _weekly(7, 4, 9, WELDING_DAYS, 0),
    ),
    CohortPlan(
        "plumbing", "PLB-A1/ALX-02/1", "plumbing", "ALX-02", 8, 45, Shift.MORNING, 14, CohortState.OPEN,
        _all(range(4), Outcome.STARTED), _weekly(10, 3, 9, PIPE_DAYS, 0),
    ),
    CohortPlan(
        "open", "ELE-H2/CAI-03/2", "electrical", "CAI-03", 12, 72, Shift.EVENING, 15, CohortState.OPEN,
        (*_all(range(8, 12), Outcome.STARTED), (12, Outcome.GAVE_BACK), (13, Outcome.STARTED)), _weekly(15, 4, 17, WIRING_DAYS, 0),
    ),
    CohortPlan(
        "kitchen", "COK-B1/ASN-01/1", "cooking", "ASN-01", 15, 50, Shift.MORNING, 12, CohortState.OPEN,
        _all(range(3), Outcome.STARTED), _weekly(17, 3, 10, KITCHEN_DAYS, 0),
    ),
    CohortPlan(
        "mobile_next", "TAI-B1/BNS-M2/2", "tailoring", "BNS-M2", 18, 46, Shift.MORNING, 10, CohortState.OPEN,
        ((8, Outcome.STARTED),), _weekly(20, 4, 10, SEWING_DAYS, 0),
    ),
    CohortPlan(
        "open_tailoring", "TAI-B1/GHR-01/1", "tailoring", "GHR-01", 20, 65, Shift.EVENING, 12, CohortState.OPEN,
        _all(range(3), Outcome.STARTED), _weekly(22, 3, 16, SEWING_DAYS, 1),
    ),
)  # fmt: skip
