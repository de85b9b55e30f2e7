"""How versions of pages are compared where Wagtail shows values of Python."""

from typing import Any

from wagtail.admin.compare import FieldComparison

from courses.blocks import yes_or_no


class YesOrNoComparison(FieldComparison):
    """Of a box that is ticked or not."""

    def __init__(self, field: Any, obj_a: Any, obj_b: Any) -> None:
        super().__init__(field, obj_a, obj_b)
        self.val_a = yes_or_no(field.value_from_object(obj_a))
        self.val_b = yes_or_no(field.value_from_object(obj_b))
