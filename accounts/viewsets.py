"""People and places in the staff workplace."""

from accounts.enums import Act
from accounts.models import Center, Person
from accounts.scoping.viewsets import CenterViewSet


class PersonViewSet(CenterViewSet):
    model = Person
    icon = "user"
    acts = {"view": Act.VIEW_PEOPLE, "add": Act.MANAGE_PEOPLE, "change": Act.MANAGE_PEOPLE}
    list_display = ("name", "birth_date", "sex", "registered_at")
    list_filter = ("registered_at", "residence_governorate", "sex")
    list_select_related = ("registered_at",)
    form_fields = ("full_name_ar", "birth_date", "registered_at")


class CenterOfficeViewSet(CenterViewSet):
    model = Center
    icon = "home"
    acts = {"view": Act.VIEW_COHORTS}
    list_display = ("code", "name", "kind", "governorate", "is_active")
    list_select_related = ("governorate",)
