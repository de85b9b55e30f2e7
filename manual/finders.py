"""Pages of the manual in the search of the workplace (`accounts.scoping.finding`)."""

from django.utils.translation import get_language, gettext_lazy

from accounts.models import User
from accounts.scoping.finding import Finder, Hit
from manual.queries import found


class HowToFinder(Finder):
    """By words of a heading: of the text, names of people would find pages that have a word like them."""

    title = gettext_lazy("Manual")
    act = None
    order = 90

    def hits(self, typed: str, *, user: User, at_most: int) -> list[Hit]:
        sections = found(typed, get_language(), only_headings=True)[:at_most]
        return [
            Hit(hit.heading or hit.howto.title, hit.url, hit.howto.title if hit.heading else "")
            for hit in sections
        ]


FINDERS = (HowToFinder,)
