"""What a form error repeats of what was typed."""

import json
import re
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.test import Client
from django.urls import reverse
from wagtail import blocks

from accounts.models import Center, Governorate
from courses.forms.rules import _tasks
from lms.form_errors import MOST_CHARACTERS, shortened

LONG = "ض" * 20_000
pytestmark = pytest.mark.django_db


class Fields(forms.Form):
    one = forms.ChoiceField(choices=[("a", "a")])
    typed = forms.TypedChoiceField(choices=[("a", "a")])
    many = forms.MultipleChoiceField(choices=[("a", "a")])
    rows = forms.ModelMultipleChoiceField(Governorate.objects.all())
    data = forms.JSONField()
    amount = forms.DecimalField(validators=[MaxValueValidator(5, "%(show_value)s is too much.")])


def longest_run(said: str) -> int:
    """How often one character follows itself."""
    return max((len(found[0]) for found in re.finditer(r"(\w)\1*", said)), default=0)


def test_djangos_fields_repeat_at_most_a_hundred_characters():
    form = Fields(
        {
            "one": LONG,
            "typed": LONG,
            "many": [LONG],
            "rows": [LONG],
            "data": LONG,
            "amount": "9" * 900,
        }
    )

    said = {name: str(errors) for name, errors in form.errors.items()}

    assert set(said) == set(form.fields)
    assert {name: longest_run(one) for name, one in said.items() if longest_run(one) >= MOST_CHARACTERS} == {}


def test_a_block_of_wagtail_repeats_at_most_a_hundred_characters():
    with pytest.raises(ValidationError) as refused:
        blocks.ChoiceBlock(choices=[("a", "a")]).clean(LONG)

    assert 0 < longest_run(str(refused.value)) < MOST_CHARACTERS


def test_a_form_of_ours_repeats_at_most_a_hundred_characters():
    with pytest.raises(ValidationError) as refused:
        list(_tasks(f"| {LONG}"))

    assert 0 < longest_run(str(refused.value)) < MOST_CHARACTERS


def test_the_form_of_complaints_answers_an_endless_word_with_its_beginning(client: Client, center: Center):
    answer = client.post(reverse("courses:complain"), {"kind": LONG, "center": str(center.pk), "text": "x"})

    said = str(answer.context["form"].errors["kind"])
    assert answer.status_code == 200
    assert 0 < longest_run(said) < MOST_CHARACTERS


@pytest.mark.parametrize("value", ["ض" * 100, 5, Decimal("7.5"), None, ["a"], 10**30])
def test_what_is_short_and_what_is_no_text_stays_as_it_is(value: object):
    assert shortened(value) is value


def test_an_error_says_the_beginning_and_that_there_is_more():
    said = str(shortened(LONG))

    assert said == LONG[:99] + "…"
    assert json.dumps(ValidationError("%(value)s", params={"value": LONG}).messages) == json.dumps([said])
