"""Everything that any code logs has words in both languages, its data included."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.utils.translation import override
from wagtail.log_actions import registry

from accounts.audit.labels import NO_LABEL, all_labels, facts_of, label_for
from accounts.services.number_misses import MISSED, MISSED_TRAINEE
from certificates.services.statuses import _VERBS
from courses.enums import CallBackEventKind
from courses.models import Cohort
from live.enums import EventKind

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "assessment", "certificates", "courses", "live", "lms", "media_pipeline")

# Actions that are put together where they are logged.
PUT_TOGETHER = {
    "f'certificates.{_VERBS[status]}'": [f"certificates.{verb}" for verb in _VERBS.values()],
    "f'live.{kind}'": [
        f"live.{kind}"
        for kind in (
            EventKind.PERSON_MUTED,
            EventKind.PERSON_UNMUTED,
            EventKind.PERSON_KICKED,
            EventKind.PERSON_REMOVED,
            EventKind.ALL_MUTED,
            EventKind.ALL_UNMUTED,
        )
    ],
    "f'courses.call_back.{kind}'": [f"courses.call_back.{kind}" for kind in CallBackEventKind],
    "action": [MISSED, MISSED_TRAINEE],
    "ERASE": ["accounts.audit.erase"],
    "EXPIRE": ["accounts.audit.expire_addresses"],
}
# Data that are put together elsewhere, and the names in them.
KEPT_ELSEWHERE = {
    "upload.refusal": ["reason", "facts"],
    "facts_of(attempt)": ["score"],
    "_effects(given)": ["factor", "break_minutes", "has_reader", "has_large_text", "since", "until"],
}
# Named by their fields: `accounts.audit.labels` asks the model, or the words of the action.
CHANGES = {"changes", "before", "after"}


class Logged(NamedTuple):
    place: str
    actions: list[str]
    names: list[str]


def calls() -> Iterator[Logged]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            source = path.read_text()
            if "wagtail.log_actions" not in source:
                # Every worker of the tests reads them all.
                continue
            tree = ast.parse(source)
            if any(
                isinstance(node, ast.ImportFrom)
                and node.module == "wagtail.log_actions"
                and any(one.name == "log" for one in node.names)
                for node in tree.body
            ):
                yield from calls_in(tree, str(path.relative_to(ROOT)))


def calls_in(tree: ast.Module, path: str) -> Iterator[Logged]:
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "log":
                data = next((one.value for one in node.keywords if one.arg == "data"), None)
                place = f"{path}:{node.lineno}"
                yield Logged(place, actions_of(node.args[1]), names_in(data, function, place))


def actions_of(node: ast.expr) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) else PUT_TOGETHER[ast.unparse(node)]


def names_in(data: ast.expr | None, function: ast.FunctionDef, place: str) -> list[str]:
    if isinstance(data, ast.Name):
        (data,) = [
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == data.id
        ]
    if isinstance(data, ast.Dict):
        return [key.value for key in data.keys if isinstance(key, ast.Constant)]
    return [] if data is None else KEPT_ELSEWHERE[ast.unparse(data)]


CALLS = list(calls())


def test_the_walk_finds_the_calls_of_every_app():
    assert {call.place.split("/")[0] for call in CALLS} == set(APPS)
    assert len(CALLS) > 90


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.place.split(":")[0])
def test_what_is_logged_has_labels_in_both_languages(call: Logged):
    registry.scan_for_actions()
    silent = [action for action in call.actions if not is_said(action)]
    unnamed = [
        f"{action}:{name}"
        for action in call.actions
        for name in call.names
        if not action.startswith("wagtail.") and name not in CHANGES and label_for(action, name) is NO_LABEL
    ]
    assert (silent, unnamed) == ([], [])


def is_said(action: str) -> bool:
    """Whether the action has a label in both languages and, where it says always the same, a message in both."""
    formatter = registry.formatters.get(action)
    if formatter is None:
        return False
    texts = [text for text in (formatter.label, formatter.message) if text]
    return all(
        is_arabic(in_language("ar", text)) and not is_arabic(in_language("en", text)) for text in texts
    )


def in_language(language: str, text: object) -> str:
    with override(language):
        return str(text)


def is_arabic(text: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in text)


@pytest.mark.parametrize("name", sorted(name for name, word in all_labels().items() if word is not None))
def test_a_label_of_data_is_in_both_languages(name: str):
    word = all_labels()[name]
    label = word[0] if isinstance(word, tuple) else word

    # Names of methods are the same in both.
    assert is_arabic(in_language("ar", label)) or in_language("ar", label).startswith("SHA")
    assert not is_arabic(in_language("en", label))


def test_values_are_in_the_language_of_the_reader():
    def told(action: str, data: dict[str, object], language: str) -> list[tuple[str, str]]:
        with override(language):
            facts = facts_of(action, data, model=Cohort, names={})
            return [(fact.label, fact.value) for fact in facts]

    amended = {"from": "absent", "to": "present", "reason": "was at the back"}
    changed = {"before": {"seats": "12"}, "after": {"seats": "20"}}
    refused = {"reason": "too_long", "facts": {"minutes": 300, "limit": 240}}

    assert told("courses.attendance.amend", amended, "en") == [
        ("Reason", "was at the back"),
        ("Before", "absent"),
        ("After", "present"),
    ]
    assert told("courses.cohort.change", changed, "en") == [("Seats", "12 → 20")]
    assert told("courses.cohort.change", changed, "ar") == [("المقاعد", "من 12 إلى 20")]
    # As sessions were logged once: what they became is not on record.
    assert told("courses.session.reschedule", {"before": {"seats": "12"}}, "en") == [("Seats", "before: 12")]
    assert told("courses.session.reschedule", {"before": {"seats": "12"}}, "ar") == [
        ("المقاعد", "قبل التغيير: 12")
    ]
    assert told(
        "courses.cohort.change", {"before": {"instructors": []}, "after": {"instructors": ["A"]}}, "en"
    ) == [("Instructors", "– → A")]
    assert told("media_pipeline.upload.refuse", refused, "en") == [
        ("Reason", "The video lasts 300 minutes; at most 240 are accepted. Cut it into lessons.")
    ]
    assert told("courses.progress.mark", {"passed": True, "score": "80"}, "en") == [
        ("Score, %", "80"),
        ("Passed", "yes"),
    ]


def test_data_without_a_label_are_shown():
    with override("en"):
        facts = facts_of("courses.cohort.start", {"unheard_of": [1, 2]}, model=Cohort, names={})

    assert [(fact.label, fact.value) for fact in facts] == [("Unheard_of", "1, 2")]


def test_lists_filters_and_their_order_are_told_in_words():
    exported = {
        "list": "courses.Enrollment",
        "filters": {"state": "active", "cohort": "7", "ordering": "-enrolled_at"},
        "named": {"cohort": "ELE-1"},
    }
    shared = {"view": "Mine", "address": "figures_attendance"}

    with override("en"):
        facts = facts_of("accounts.list.export", exported, model=None, names={})
        facts += facts_of("accounts.list.share", shared, model=None, names={})

    assert [(fact.label, fact.value) for fact in facts] == [
        ("List", "enrollments"),
        ("Filters", "state: active, cohort: ELE-1, order: enrolled at, descending"),
        ("Name of the view", "Mine"),
        ("List", "Attendance"),
    ]
