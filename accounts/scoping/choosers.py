"""Wagtail's choosers behind the center fence."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin.utils import unquote
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from django.views import View
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.coreutils import resolve_model_string

from accounts.enums import Act
from accounts.scoping import acts_held, fenced
from accounts.scoping.requests import MemberRequest

if TYPE_CHECKING:
    # The fence is mixed into views of Wagtail, which has no types.
    ChooserView = Any
else:
    ChooserView = object


class FencedChooserView(ChooserView):
    """The one place where a chooser's rows come from, for its list and for what was chosen."""

    request: MemberRequest
    viewset: "CenterChooserViewSet"
    act: Act

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if self.act not in acts_held(request.user):
            raise Http404
        super().setup(request, *args, **kwargs)
        if "pk" in kwargs:
            # Before the check of the method: the status must not disclose that the row exists.
            self.get_object(kwargs["pk"])

    def _rows(self) -> QuerySet[Model]:
        return self.viewset.fence_rows(self.model_class._default_manager.all(), user=self.request.user)

    def get_object_list(self) -> QuerySet[Model]:
        return self._rows()

    def get_object(self, pk: object) -> Model:
        return get_object_or_404(self._rows(), pk=unquote(str(pk)))

    def get_objects(self, pks: list[str]) -> QuerySet[Model]:
        return self._rows().filter(pk__in=pks)


class CenterChooserViewSet(ChooserViewSet):
    """A chooser that offers, and gives back, only rows within reach of `act`. It creates nothing.

    The posted choice is checked by the form: `CenterViewSet` narrows the field too.

    Example::

        class VideoChooserViewSet(CenterChooserViewSet):
            model = "media_pipeline.Video"
            act = Act.EDIT_CONTENT
    """

    model: Any
    act: ClassVar[Act]

    def fence_rows(self, rows: QuerySet[Any], *, user: Any) -> QuerySet[Any]:
        """What `user` may choose."""
        return fenced(rows, user=user, act=self.act)

    def construct_view(self, view_class: type[View], **kwargs: Any) -> Any:
        fence = type(
            view_class.__name__,
            (FencedChooserView, view_class),
            {"act": self.act, "viewset": self, "__module__": view_class.__module__},
        )
        return super().construct_view(fence, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]

    def on_register(self) -> None:
        self.model = resolve_model_string(self.model)
        super().on_register()
