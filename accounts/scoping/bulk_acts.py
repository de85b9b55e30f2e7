"""Acts on many rows at once: a page that says whom the act concerns, whom it does not and why, then the act, row by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages

from accounts.digits import read_key
from accounts.errors import DomainError
from accounts.scoping.act_forms import ActFormView

# Each row is written by the service of one, in a transaction of its own: so many take a few seconds.
MOST_AT_ONCE = 100
# So many of those that were left alone are named after the act.
MOST_NAMED = 20


# The name of a row, and why it was left alone.
type LeftAlone = tuple[str, DomainError]


class ChangedMeanwhile(DomainError):
    message = gettext_lazy("It was changed since the page was opened. Look again, then decide.")


class NotFound(DomainError):
    message = gettext_lazy("It is not there any more.")


@dataclass(frozen=True)
class Line:
    """A row of the preview; `refusal` is None where the act concerns it."""

    row: Any
    refusal: DomainError | None


class BulkActView(ActFormView):
    """An act on chosen rows that belong to the one of the address.

    GET with what was chosen shows the preview; POST does the act to the rows of the preview, each by `act_on_row` and in a
    transaction of its own. A row that has changed in between (`mark_of`) or is refused is named and left alone. Where something has
    to be chosen before anybody can say who is concerned, `choice_form_class` asks for it by GET first.
    """

    template_name = "accounts/admin/bulk_act.html"
    choice_form_class: type[forms.Form] | None = None
    submit_label: Any = gettext_lazy("Do it")
    explanation: Any = ""

    def chosen(self) -> QuerySet[Any]:
        """The rows that the address names, in the order in which they are shown."""
        raise NotImplementedError

    def rows(self, keys: Iterable[int]) -> QuerySet[Any]:
        """Those of the keys that the user may act on."""
        raise NotImplementedError

    def mark_of(self, row: Any) -> str:
        """What has to be as it was for the act to be what was confirmed; letters and digits."""
        raise NotImplementedError

    def refusals(self, rows: Sequence[Any]) -> dict[int, DomainError]:
        """Why the act is refused to rows now, by their keys. Only the service itself decides."""
        return {}

    def act_on_row(self, row: Any, form: Any) -> None:
        """Raises DomainError."""
        raise NotImplementedError

    def done_message(self, count: int) -> str:
        raise NotImplementedError

    def back_url(self) -> str:
        raise NotImplementedError

    def get_choice_form_kwargs(self) -> dict[str, Any]:
        return {}

    @cached_property
    def choice(self) -> Any:
        """The form of what is chosen first, bound once it was; None where nothing is."""
        if self.choice_form_class is None:
            return None
        asked = self.request.GET
        names = self.choice_form_class.base_fields
        data = asked if any(name in asked for name in names) else None
        return self.choice_form_class(data, **self.get_choice_form_kwargs())

    @property
    def is_chosen(self) -> bool:
        """Whether what decides about the rows is known."""
        return self.choice is None or self.choice.is_valid()

    @cached_property
    def lines(self) -> list[Line]:
        return self._lines(list(self.chosen()[:MOST_AT_ONCE]))

    def _lines(self, rows: Sequence[Any]) -> list[Line]:
        refusals = self.refusals(rows) if self.is_chosen else {}
        return [Line(row, refusals.get(row.pk)) for row in rows]

    def form_valid(self, form: Any) -> HttpResponse:
        if not self.is_chosen:
            return self.form_invalid(form)
        return super().form_valid(form)

    def carry_out(self, form: Any) -> str:
        marks = self._confirmed()
        rows = list(self.rows(marks))
        changed = [row for row in rows if self.mark_of(row) != marks[row.pk]]
        left: list[LeftAlone] = [(self.name_of(row), ChangedMeanwhile()) for row in changed]
        left += [(str(key), NotFound()) for key in marks.keys() - {row.pk for row in rows}]
        unchanged = [row for row in rows if row not in changed]
        refused = self.act_on_rows(unchanged, form) if unchanged else []
        left += refused
        if left:
            messages.warning(self.request, self._left_alone(left))
        return self.done_message(len(unchanged) - len(refused))

    def act_on_rows(self, rows: Sequence[Any], form: Any) -> list[LeftAlone]:
        """Do the act; the names of rows that were refused, and why. May raise DomainError where nothing was done."""
        return [(self.name_of(row), refusal) for row in rows if (refusal := self._act_on(row, form))]

    def _confirmed(self) -> dict[int, str]:
        """The marks by the keys of the rows of the preview that was confirmed."""
        pairs = (pair.partition(":") for pair in self.request.POST.get("seen", "").split(","))
        marks = {key: mark for text, _colon, mark in pairs if (key := read_key(text)) is not None}
        return dict(list(marks.items())[:MOST_AT_ONCE])

    def _act_on(self, row: Any, form: Any) -> DomainError | None:
        """None once it is done. Earlier rows took their time: the row is looked at again."""
        now = self.rows([row.pk]).first()
        if now is None or self.mark_of(now) != self.mark_of(row):
            return ChangedMeanwhile()
        try:
            with transaction.atomic():
                self.act_on_row(row, form)
        except DomainError as refusal:
            return refusal
        return None

    def name_of(self, row: Any) -> str:
        return str(row)

    def _left_alone(self, left: Sequence[LeftAlone]) -> str:
        named = _(", ").join(f"{name} ({refusal})" for name, refusal in left[:MOST_NAMED])
        more = len(left) - MOST_NAMED
        facts = {"named": named, "more": more}
        if more <= 0:
            return _("Left as they were: %(named)s") % facts
        return (
            ngettext(
                "Left as they were: %(named)s, and %(more)s more",
                "Left as they were: %(named)s, and %(more)s more",
                more,
            )
            % facts
        )

    def next_url(self) -> str:
        return self.back_url()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": capfirst(self.model._meta.verbose_name_plural)},
            {"url": self.back_url(), "label": str(self.row)},
            {"url": "", "label": self.get_page_title(), "sublabel": str(self.row)},
        ]

    def kept(self) -> list[tuple[str, str]]:
        """What was chosen so far, for a form that adds to it by GET."""
        names = self.choice_form_class.base_fields if self.choice_form_class else {}
        return [
            (name, value)
            for name, values in self.request.GET.lists()
            for value in values
            if name not in names
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        total = self.chosen().count()
        concerned = [line.row for line in self.lines if line.refusal is None]
        return super().get_context_data(
            choice=self.choice,
            is_chosen=self.is_chosen,
            kept=self.kept(),
            concerned=[(row, self.name_of(row)) for row in concerned],
            refused=[(line.row, self.name_of(line.row), line.refusal) for line in self.lines if line.refusal],
            seen=",".join(f"{row.pk}:{self.mark_of(row)}" for row in concerned),
            total=total,
            later=max(0, total - MOST_AT_ONCE),
            most=MOST_AT_ONCE,
            submit_label=self.submit_label,
            explanation=self.explanation,
            back_url=self.back_url(),
            **kwargs,
        )
