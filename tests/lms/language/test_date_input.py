"""A date typed the way it is written here is that date; one that cannot be read is refused, and names the form."""

import datetime as dt

import pytest
from django import forms
from django.utils import timezone, translation

TYPED = ["30/11/2026 10:00", "2026-11-30 10:00", "30-11-2026 10:00"]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("typed", TYPED)
def test_a_moment_is_read_the_day_first(language: str, typed: str):
    with translation.override(language):
        found = forms.DateTimeField().clean(typed)

    assert timezone.localtime(found).replace(tzinfo=None) == dt.datetime(2026, 11, 30, 10)  # noqa: DTZ001 - the hour of the place


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_day_is_read_the_day_first(language: str):
    with translation.override(language):
        assert forms.DateField().clean("5/11/2026") == dt.date(2026, 11, 5)


@pytest.mark.parametrize("field", [forms.DateField, forms.DateTimeField])
def test_what_is_no_date_is_refused_with_an_example(field: type[forms.Field]):
    with translation.override("ar"), pytest.raises(forms.ValidationError, match="30/11/2026"):
        field().clean("11/30/2026")
