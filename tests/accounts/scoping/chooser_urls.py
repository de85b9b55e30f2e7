"""The site with a chooser of people, for the tests of the chooser fence."""

from django.urls import include, path

from accounts.enums import Act
from accounts.models import Person
from accounts.scoping.choosers import CenterChooserViewSet
from lms.urls import urlpatterns as site


class PeopleChooser(CenterChooserViewSet):
    model = Person
    act = Act.VIEW_PEOPLE
    register_widget = False


chooser = PeopleChooser("people_chooser")
urlpatterns = [path("choosers/", include((chooser.get_urlpatterns(), "people_chooser"))), *site]
