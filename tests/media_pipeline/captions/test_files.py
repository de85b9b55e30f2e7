"""WebVTT and SubRip files: problems name their line, valid cues are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.transcoding.cues import Cue, payload, timestamp, webvtt_text
from media_pipeline.transcoding.srt import is_srt, webvtt_from_srt
from media_pipeline.transcoding.webvtt import BadCaptions, Problem, problems_in, read_captions

GOOD = "WEBVTT\n\nمقدمة\n00:00.000 --> 00:01.500 line:90%\nافصل القاطع\n\n00:01.500 --> 00:02.000\nتأكد\n"
SRT = "1\n00:00:01,000 --> 00:00:02,500\nافصل القاطع\n\n2\n00:00:03,000 --> 00:00:04,000\nتأكد & راجع\n"


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("1\n00:00:01,000 --> 00:00:02,000\nSRT\n", 1, "no_header"),
        ("WEBVTT", 1, "no_cues"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nback\n", 3, "ends_before_start"),
        ("WEBVTT\n\n00:01.000 --> 00:01.000\nno time at all\n", 3, "ends_before_start"),
        ("WEBVTT\n\n00:05.000 --> 00:06.000\na\n\n00:01.000 --> 00:02.000\nb\n", 6, "out_of_order"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n", 3, "no_text"),
        ("WEBVTT\n\n00:01.00 --> 00:02.000\na\n", 3, "no_timing"),
        ("WEBVTT\n\n٠٠:٠١.٠٠٠ --> 00:02.000\na\n", 3, "no_timing"),
        ("WEBVTT\n\nonly words\n", 3, "no_timing"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\na\n00:02.000 --> 00:03.000\nb\n", 5, "no_blank_line"),
        ("WEBVTT\n00:01.000 --> 00:02.00\na\n", 2, "no_timing"),
        ("WEBVTTX\n\n00:01.000 --> 00:02.000\na\n", 1, "no_header"),
        ("WEBVTT\n\nNOTES\n\n00:01.000 --> 00:02.000\na\n", 3, "no_timing"),
        ("<script>alert(1)</script>", 1, "no_header"),
    ],
)
def test_problems_of_captions_name_their_line(text: str, line: int, problem: str):
    with pytest.raises(BadCaptions) as caught:
        read_captions(text.encode())

    assert (caught.value.line, caught.value.problem) == (line, problem)


def test_every_problem_is_reported_at_once():
    text = "WEBVTT\n\n00:02.000 --> 00:01.000\n\n1,5 --> 2\na\n"

    assert problems_in(text) == [
        Problem(3, "ends_before_start"),
        Problem(3, "no_text"),
        Problem(5, "no_timing"),
    ]


@pytest.mark.parametrize("encoding", ["cp1256", "utf-16-le"])
def test_captions_in_an_encoding_that_must_be_guessed_are_refused(encoding: str):
    with pytest.raises(BadCaptions):
        read_captions("WEBVTT\n\n00:01.000 --> 00:02.000\nافصل\n".encode(encoding))


def test_bytes_that_are_not_text_are_reported_with_their_line():
    with pytest.raises(BadCaptions) as caught:
        read_captions("WEBVTT\n\n00:01.000 --> 00:02.000\nافصل\n".encode("cp1256"))

    assert (caught.value.line, caught.value.problem) == (4, "not_text")


@pytest.mark.parametrize(
    "data",
    [
        ("\ufeff" + GOOD).encode(),
        GOOD.encode("utf-16"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("WEBVTT", "WEBVTT - title\nX-KEY: 1").encode(),
    ],
)
def test_captions_of_other_tools_are_accepted(data: bytes):
    text = read_captions(data)

    assert text.startswith("WEBVTT")
    assert "افصل القاطع\n" in text


def test_notes_and_styles_between_cues_are_accepted():
    text = "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE words\n\n01:00:00.000 --> 01:00:01.000\na\n"

    assert read_captions(text.encode()) == text


def test_subrip_becomes_webvtt():
    assert is_srt(SRT.encode())
    assert webvtt_from_srt(SRT.encode()) == (
        "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nافصل القاطع\n\n"
        "2\n00:00:03.000 --> 00:00:04.000\nتأكد &amp; راجع\n"
    )


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("<font color=red>خطر</font>", "خطر"),
        ("{\\an8}فوق", "فوق"),
        ("<I>مائل</I> 3 < 5", "<i>مائل</i> 3 &lt; 5"),
    ],
)
def test_markup_of_subrip_is_kept_where_both_know_it(words: str, kept: str):
    text = webvtt_from_srt(f"1\n0:0:1,5 --> 0:0:2,50 X1:1\n{words}\n".encode())

    assert text == f"WEBVTT\n\n1\n00:00:01.500 --> 00:00:02.500\n{kept}\n"


def test_a_problem_of_subrip_has_the_line_of_that_file():
    with pytest.raises(BadCaptions) as caught:
        webvtt_from_srt((SRT + "\n3\n00:00:09,000 --> 00:00:08,000\nعكس\n").encode())

    assert (caught.value.line, caught.value.problem) == (10, "ends_before_start")


def test_webvtt_is_not_taken_for_subrip():
    assert not is_srt(GOOD.encode())


moments = st.integers(0, 4 * 3600 * 1000)
cues = st.builds(
    lambda start, length, text: Cue(start, start + length, text),
    moments,
    st.integers(1, 10_000),
    st.text().filter(payload),
)


@given(st.lists(cues, min_size=1, max_size=12))
def test_webvtt_written_of_any_words_is_valid(written: list[Cue]):
    text = webvtt_text(written)

    assert problems_in(text) == []
    assert text.count("-->") == len(written)
    assert read_captions(text.encode()) == text


@given(st.text())
def test_any_text_is_accepted_or_refused_with_one_of_its_lines(text: str):
    lines = text.count("\n") + 1

    assert all(1 <= problem.line <= lines for problem in problems_in(text))


@given(st.binary(max_size=300))
def test_any_bytes_are_accepted_or_refused_with_their_line(data: bytes):
    try:
        text = webvtt_from_srt(data) if is_srt(data) else read_captions(data)
    except BadCaptions as bad:
        assert bad.line >= 1
    else:
        assert problems_in(text) == []


@given(st.lists(cues, min_size=1, max_size=5))
def test_subrip_of_any_words_keeps_every_time(written: list[Cue]):
    blocks = [
        f"{number}\n{timestamp(cue.start_ms).replace('.', ',')} --> {timestamp(cue.end_ms).replace('.', ',')}\nكلمة\n"
        for number, cue in enumerate(sorted(written, key=lambda cue: cue.start_ms), 1)
    ]

    text = webvtt_from_srt("\n".join(blocks).encode())

    assert text.count("-->") == len(written)


def test_a_moment_is_written_whole():
    assert timestamp(3_723_004) == "01:02:03.004"
