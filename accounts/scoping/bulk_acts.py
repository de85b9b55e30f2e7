"""Acts on many rows at once: a page that says whom the act concerns, whom it does not and why, then the act, row by row."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
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
# Of the session: the last act on many rows that can be taken back, and for how long.
UNDO, UNDO_FOR = "undo_many", dt.timedelta(minutes=15)


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
    # The name of the act that takes this one back (`UndoManyView`), and what the preview says about it.
    undo_name = ""
    undo_note: Any = gettext_lazy("This cannot be undone for all at once.")

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

    def rows_after(self, keys: Iterable[int]) -> QuerySet[Any]:
        """Rows to which the act was done, wherever they are now."""
        return self.rows(keys)

    def _remember(self, done: Iterable[int]) -> None:
        """For who did it, in the same session."""
        marks = {str(row.pk): self.mark_of(row) for row in self.rows_after(done)}
        self.request.session[UNDO] = {
            "act": self.undo_name,
            "of": self.row.pk,
            "until": (timezone.now() + UNDO_FOR).timestamp(),
            "rows": marks,
        }

    def buttons_of_success(self) -> list[Any]:
        if not self.undo_name or not self.done:
            return []
        address = reverse(self.viewset.get_url_name(self.undo_name), args=[self.row.pk])
        return [messages.button(address, _("Undo"))]

    def carry_out(self, form: Any) -> str:
        marks = self._confirmed()
        rows = list(self.rows(marks))
        changed = [row for row in rows if self.mark_of(row) != marks[row.pk]]
        left: list[LeftAlone] = [(self.name_of(row), ChangedMeanwhile()) for row in changed]
        left += [(str(key), NotFound()) for key in marks.keys() - {row.pk for row in rows}]
        unchanged = [row for row in rows if row not in changed]
        self.done: list[int] = []
        refused = self.act_on_rows(unchanged, form) if unchanged else []
        if self.undo_name and self.done:
            self._remember(self.done)
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
        self.done.append(row.pk)
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
            undo_note=self.undo_note,
            back_url=self.back_url(),
            **kwargs,
        )


class UndoManyView(BulkActView):
    """Takes back the last act on many rows, for who did it and for some minutes. Rows that changed since are named and left alone.

    It has the address and the name that the act says in `undo_name`, behind the same verb of the fence.
    """

    form_class = forms.Form
    page_title = gettext_lazy("Undo")
    submit_label = gettext_lazy("Undo")
    undo_note = ""

    @cached_property
    def remembered(self) -> dict[int, str]:
        """The marks of the rows as the act left them, by their keys; none once its time is over."""
        kept = self.request.session.get(UNDO) or {}
        is_this = kept.get("act") == self.url_name and kept.get("of") == self.row.pk
        if not is_this or kept["until"] < timezone.now().timestamp():
            return {}
        return {int(key): mark for key, mark in kept["rows"].items()}

    @property
    def url_name(self) -> str:
        match = self.request.resolver_match
        return match.url_name or "" if match else ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.remembered:
            messages.warning(request, _("There is nothing to undo any more."))
            return redirect(self.back_url())
        return super().dispatch(request, *args, **kwargs)

    def chosen(self) -> QuerySet[Any]:
        return self.rows(self.remembered)

    def refusals(self, rows: Sequence[Any]) -> dict[int, DomainError]:
        return {row.pk: ChangedMeanwhile() for row in rows if self.mark_of(row) != self.remembered[row.pk]}

    def _confirmed(self) -> dict[int, str]:
        """Of what is posted only what the act did."""
        seen = super()._confirmed()
        return {key: mark for key, mark in seen.items() if self.remembered.get(key) == mark}

    def carry_out(self, form: Any) -> str:
        said = super().carry_out(form)
        self.request.session.pop(UNDO, None)
        return said
