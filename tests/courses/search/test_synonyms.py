"""The ministry edits synonyms, within limits."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import RoleName
from courses.errors import (
    SynonymTooLong,
    SynonymWithoutLetters,
    TooFewSynonyms,
    TooManySynonymGroups,
    TooManySynonyms,
)
from courses.models import SynonymGroup
from courses.services import synonyms
from courses.services.synonyms import fill_in, read_synonyms
from tests.factories.accounts import staff_member


@pytest.mark.parametrize(
    "typed", ["كهرباء, electricity", "كهرباء،electricity", "كهرباء\r\nelectricity\n\n", "؛كهرباء;electricity"]
)
def test_words_are_read_however_they_are_separated(typed: str):
    assert list(read_synonyms(typed).values()) == ["كهرباء", "electricity"]


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", TooFewSynonyms),
        ("كهرباء", TooFewSynonyms),
        ("كهرباء, الكهرباء", TooFewSynonyms),
        (",".join(f"w{n}" for n in range(1000)), TooManySynonyms),
        ("a" * 5000 + ", b", SynonymTooLong),
        ("one two three four five, b", SynonymTooLong),
        ("!!!, b", SynonymWithoutLetters),
        ("\x00, b", SynonymWithoutLetters),
    ],
)
def test_what_would_make_the_search_find_everything_is_refused(typed: str, refusal: type[Exception]):
    with pytest.raises(refusal) as said:
        read_synonyms(typed)

    assert "%" not in str(said.value)


def test_there_are_only_so_many_groups(db: None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(synonyms, "MOST_GROUPS", SynonymGroup.objects.count())

    with pytest.raises(TooManySynonymGroups):
        fill_in(SynonymGroup(words="a, b"))


def test_the_trades_of_egypt_are_there_from_the_beginning(db: None):
    for group in SynonymGroup.objects.all():
        fill_in(group)

    assert SynonymGroup.objects.filter(words__contains="سباك").exists()


def test_a_refusal_is_said_on_the_form(client: Client, db: None):
    client.force_login(staff_member(RoleName.MINISTRY_OFFICER))

    answer = client.post(reverse("synonymgroup:add"), {"words": "كهرباء"})

    assert "اكتب كلمتين على الأقل" in answer.content.decode()
