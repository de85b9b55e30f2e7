"""What a center is, as the ministry writes it."""

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Center


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("02 2345 6789", "02 2345 6789"),
        ("(040) 333-4455", "(040) 333-4455"),
        ("+20 10 1234 5678", "+20 10 1234 5678"),
        ("١٦٧٨٩", "16789"),
        ("", ""),
    ],
)
def test_a_telephone_of_a_center_is_a_number_that_can_be_called(typed: str, kept: str):
    center = Center(phone=typed)

    center.clean()

    assert center.phone == kept


@pytest.mark.parametrize("typed", ["تليفون المركز", "12", "02 2345 6789 ext", "+", "٠٢--------٢٣٤٥"])
def test_what_cannot_be_called_is_no_telephone_of_a_center(typed: str):
    with pytest.raises(ValidationError):
        Center(phone=typed).clean()
