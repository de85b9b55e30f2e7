"""The check of words itself; `make lint` runs it over the project."""

from scripts.terms.__main__ import Words

WORDS = Words(
    identifiers=[
        {"identifier": "obey", "app": "live", "replacement": "handle"},
        {"identifier": "rung_at", "app": "*", "replacement": "dispatched_at"},
    ],
    phrases=[{"phrase": "put out", "replacement": "disconnect"}],
    arabic=[{"word": "اقتراح", "replacement": "ترشيح"}],
)


def found_in_names(path: str, source: str) -> list[str]:
    return [finding.found for finding in WORDS.in_names(path, source)]


def found_in_prose(text: str) -> list[tuple[int, str]]:
    return [(finding.line, finding.found) for finding in WORDS.in_prose("docs/x.md", text)]


def test_a_retired_name_is_found_in_its_app_and_in_the_tests_of_it():
    assert found_in_names("live/commands/base.py", "def obey(self): ...") == ["obey"]
    assert found_in_names("tests/live/test_commands.py", "command.obey()") == ["obey"]
    assert found_in_names("courses/services/seats.py", "def obey(self): ...") == []


def test_a_field_is_found_in_lookups_and_in_formatted_strings():
    assert found_in_names("courses/queries.py", "rows.filter(rung_at__lt=now)") == ["rung_at"]
    assert found_in_names("courses/queries.py", 'f"{job.rung_at}"') == ["rung_at"]


def test_the_name_of_a_module_is_a_name():
    assert found_in_names("live/services/obey.py", "") == ["obey"]
    assert found_in_names("live/obey/__init__.py", "") == ["obey"]


def test_strings_and_comments_are_no_names():
    assert found_in_names("live/enums.py", 'TEXT = "obey"  # obey') == []


def test_a_phrase_is_found_in_any_case_and_across_line_breaks():
    assert found_in_prose("one\nPut\nout the sender; input outlet") == [(2, "put out")]


def test_a_quoted_value_is_no_prose():
    assert found_in_prose('"put out", \'put out\' and `put out`, "he put out"') == [(1, "put out")]


def test_an_arabic_word_is_found_with_what_is_written_before_it_and_not_inside_another_word():
    text = "قدّم الاقتراح، أو\nراجع باقتراح. الاقتراحات كثيرة"

    found = [finding.line for finding in WORDS.in_arabic("manual/pages/ar/x.md", text)]

    assert found == [1, 2]
