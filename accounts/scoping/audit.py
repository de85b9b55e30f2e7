"""The audit trail as text, restricted to the rows that its reader may see."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import BaseLogEntry, Page
from wagtail.permissions import policy_registry

from accounts.audit.labels import Fact, Keyed, Names, facts_of, keys_named
from accounts.enums import Act
from accounts.models import AuditEntry, Person, User
from accounts.scoping import acts_held, fenced
from accounts.scoping.named_keys import CalledBy
from accounts.scoping.protocols import Viewset

if TYPE_CHECKING:
    from wagtail.admin.views.generic import InspectView
else:
    InspectView = object

# How much of the trail the page of one row shows.
LATEST = 20

# Where a row of a model is shown: filled as viewsets register.
PAGES: dict[type[Model], Viewset] = {}


@dataclass(frozen=True)
class TrailItem:
    """One row of the trail as text."""

    number: int
    at: dt.datetime
    who: str
    what: str
    kind: str
    row: str
    person: str
    center: str
    address: str
    facts: list[Fact] = field(default_factory=list)
    is_erased: bool = False
    row_url: str | None = None
    person_url: str | None = None

    @property
    def when(self) -> str:
        """For a spreadsheet: sortable, in the time of the ministry."""
        return timezone.localtime(self.at).strftime("%Y-%m-%d %H:%M:%S")

    @property
    def moment(self) -> str:
        return date_format(timezone.localtime(self.at), "DATETIME_FORMAT")

    @property
    def details(self) -> str:
        return "; ".join(f"{fact.label}: {fact.value}" for fact in self.facts)


def audit_entries(user: User) -> QuerySet[AuditEntry]:
    """The rows of the trail that `user` may read: none without the act, those of their places, or all."""
    if Act.VIEW_AUDIT not in acts_held(user):
        return AuditEntry.objects.none()
    return fenced(AuditEntry.objects.all(), user=user, act=Act.VIEW_AUDIT)


def trail_of(row: Model, *also: QuerySet[Any], user: User) -> list[TrailItem] | None:
    """The latest rows about `row`, about rows of `also`, and about it as a person. None for who may not read the trail."""
    if Act.VIEW_AUDIT not in acts_held(user):
        return None
    about = Q(kind=_kind_of(type(row)), object_id=str(row.pk))
    if isinstance(row, Person):
        about |= Q(person__in=Person.everyone.records_of(row.pk).order_by().values("pk"))
    for others in also:
        keys = others.order_by().values_list(Cast("pk", CharField()))
        about |= Q(kind=_kind_of(others.model), object_id__in=keys)
    return trail_items(with_people(audit_entries(user).filter(about))[:LATEST], user=user)


def lenders_behind(row: Model) -> dict[str, User]:
    """For whom deputies did what was done to a row, by its action: the latest of each. One query."""
    entries = AuditEntry.objects.filter(
        kind=_kind_of(type(row)), object_id=str(row.pk), acted_for__isnull=False
    )
    return {
        entry.action: entry.acted_for
        for entry in entries.select_related("acted_for").order_by("pk")
        if entry.acted_for
    }


def with_people(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    """Join the tables that `trail_items` reads."""
    return entries.select_related("model_entry", "page_entry", "by", "acted_for", "person", "center")


def trail_items(entries: Iterable[AuditEntry], *, user: User) -> list[TrailItem]:
    """Rows of the trail as text, with one query for each kind of row that they refer to, however many rows there are."""
    rows = list(entries)
    names = _names_in(rows)
    pages = _Pages(rows, user=user)
    return [_trail_item(row, names, pages) for row in rows]


def _trail_item(entry: AuditEntry, names: Names, pages: "_Pages") -> TrailItem:
    log_entry = entry.log_entry
    model = _model_of(entry)
    label = log_entry.label if log_entry else ""
    return TrailItem(
        number=entry.pk,
        at=entry.at,
        who=_who(entry),
        what=capfirst(str(log_entry.message)) if log_entry else entry.action,
        kind=capfirst(str(model._meta.verbose_name)) if model else "",
        row=(label and pages.name_of_row(entry)) or label or f"#{entry.object_id}",
        person=_person(entry),
        center=str(entry.center) if entry.center else "",
        address=entry.address or "",
        facts=_facts(entry, model, names),
        is_erased=entry.erased_at is not None,
        row_url=pages.url_of_row(entry),
        person_url=pages.url(Person, entry.person_id) if entry.person_id else None,
    )


def _facts(entry: AuditEntry, model: type[Model] | None, names: Names) -> list[Fact]:
    log_entry = entry.log_entry
    if log_entry is None:
        return []
    # Wagtail's own messages say what is in its data.
    said = log_entry.comment if entry.action.startswith("wagtail.") else ""
    if said:
        return [Fact(_("Comment"), str(said))]
    if entry.action.startswith("wagtail."):
        changes = {"changes": log_entry.data.get("changes")}
        return facts_of(entry.action, changes, model=model, names=names)
    return facts_of(entry.action, log_entry.data, model=model, names=names)


def details_of_log(entry: BaseLogEntry) -> str:
    """What the data of an entry say, in one line, where they name no other rows."""
    facts = facts_of(entry.action, entry.data, model=None, names={})
    return "; ".join(f"{fact.label}: {fact.value}" for fact in facts)


def _who(entry: AuditEntry) -> str:
    if entry.by_id is None:
        return _("by the system")
    who = entry.by.get_full_name() if entry.by else _("login %(key)s, deleted") % {"key": entry.by_id}
    if entry.acted_for is None:
        return who
    return _("%(deputy)s, for %(lender)s") % {"deputy": who, "lender": entry.acted_for.get_full_name()}


def _person(entry: AuditEntry) -> str:
    if entry.person_id is None:
        return ""
    return str(entry.person) if entry.person else _("person %(key)s, deleted") % {"key": entry.person_id}


def _kind_of(model: type[Model]) -> ContentType:
    return ContentType.objects.get_for_model(model, for_concrete_model=False)


def _model_of(entry: AuditEntry) -> type[Model] | None:
    kind = ContentType.objects.get_for_id(entry.kind_id) if entry.kind_id else None
    return kind.model_class() if kind else None


def _names_in(entries: list[AuditEntry]) -> Names:
    """What the rows are called that the data name by their keys, one query for each kind."""
    wanted: dict[Keyed, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.log_entry is not None:
            for keyed, key in keys_named(entry.action, entry.log_entry.data):
                wanted[keyed].add(key)
    return {
        (keyed, key): name for keyed, keys in wanted.items() for key, name in _names_of(keyed, keys).items()
    }


def _names_of(keyed: Keyed, keys: set[str]) -> Mapping[str, str]:
    if isinstance(keyed, CalledBy):
        return keyed.names(keys)
    return {str(row.pk): str(row) for row in keyed._default_manager.filter(pk__in=keys)}


def _with_related(model: type[Model]) -> QuerySet[Any]:
    """The rows of a model that has a list, with what their names read."""
    related = PAGES[model].list_select_related if model in PAGES else ()
    return model._default_manager.select_related(*related) if related else model._default_manager.all()


class _Pages:
    """Which rows have a page that the reader may open, for all rows of a list at once."""

    def __init__(self, entries: list[AuditEntry], *, user: User) -> None:
        self.user = user
        by_model: dict[type[Model], set[str]] = defaultdict(set)
        for entry in entries:
            if (model := _model_of(entry)) is not None:
                by_model[model].add(entry.object_id)
        # (model, key) of the logged row -> the same of the row whose page shows it.
        self.shown_by = {
            (model, key): target
            for model, keys in by_model.items()
            for key, target in self._shown_by(model, keys).items()
        }
        self.in_words = {
            (model, str(row.pk)): str(row)
            for model, keys in by_model.items()
            if getattr(model, "is_named_in_words", False)
            for row in _with_related(model).filter(pk__in=keys)
        }
        targets: dict[type[Model], set[str]] = defaultdict(set)
        for model, key in self.shown_by.values():
            targets[model].add(key)
        targets[Person] |= {str(entry.person_id) for entry in entries if entry.person_id}
        self.open = {
            (model, key): row
            for model, keys in targets.items()
            for key, row in self._within_reach(model, keys)
        }

    def url_of_row(self, entry: AuditEntry) -> str | None:
        model = _model_of(entry)
        target = self.shown_by.get((model, entry.object_id)) if model else None
        return self.url(*target) if target else None

    def name_of_row(self, entry: AuditEntry) -> str | None:
        """What the page is called that shows a row without one of its own: that row's name is for programmers. And the name in the
        language of the reader, where the one that was kept is in words of the language of who acted.
        """
        model = _model_of(entry)
        if model and (model, entry.object_id) in self.in_words:
            return self.in_words[model, entry.object_id]
        target = self.shown_by.get((model, entry.object_id)) if model else None
        is_another = target is not None and target != (model, entry.object_id)
        return str(self.open[target]) if is_another and target in self.open else None

    def url(self, model: type[Model], key: object) -> str | None:
        if (model, str(key)) not in self.open:
            return None
        if issubclass(model, Page):
            return reverse("wagtailadmin_pages:edit", args=[key])
        return reverse(PAGES[model].get_url_name("inspect"), args=[key])

    def _shown_by(self, model: type[Model], keys: set[str]) -> dict[str, tuple[type[Model], str]]:
        if issubclass(model, Page):
            return {key: (Page, key) for key in keys}
        if model in PAGES:
            return {key: (model, key) for key in keys}
        path = getattr(model, "page_path", None)
        if path is None:
            return {}
        shown_on: Any = model
        for part in path.split("__"):
            shown_on = shown_on._meta.get_field(part).related_model
        pairs = model._default_manager.filter(pk__in=keys).values_list("pk", path)
        return {str(key): (shown_on, str(other)) for key, other in pairs if shown_on in PAGES}

    def _within_reach(self, model: type[Model], keys: set[str]) -> list[tuple[str, Model]]:
        if not keys:
            return []
        if issubclass(model, Page):
            policy = policy_registry.get_by_type(Page)
            reach = policy.instances_user_has_any_permission_for(self.user, ["change"])
        elif model not in PAGES or PAGES[model].acts["view"] not in acts_held(self.user):
            return []
        else:
            inside = fenced(_with_related(model), user=self.user, act=PAGES[model].acts["view"])
            reach = PAGES[model].within(inside, user=self.user)
        return [(str(row.pk), row) for row in reach.filter(pk__in=keys)]


class InspectViewWithTrail(InspectView):
    """The page of one row, with its part of the audit trail below for who may read it."""

    template_name = "accounts/admin/inspect_with_trail.html"

    def rows_of_trail(self) -> list[QuerySet[Any]]:
        """Other rows whose trail belongs on this page."""
        return []

    @cached_property
    def trail(self) -> list[TrailItem] | None:
        return trail_of(self.object, *self.rows_of_trail(), user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "trail": self.trail}
