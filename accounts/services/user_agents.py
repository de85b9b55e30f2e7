"""Browser and system names from the User-Agent header."""

from django.utils.translation import gettext as _

# In this order: Edge calls itself Chrome, Chrome calls itself Safari, Android calls itself Linux.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_description(user_agent: str) -> str:
    """Browser and system of a `User-Agent` header (RFC 9110, 10.1.5), such as "Chrome on Android"."""
    browser = _named(user_agent, BROWSERS)
    system = _named(user_agent, SYSTEMS)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def device_names(user_agent: str) -> str:
    """The same in no language, for what is kept and read in several: "Chrome · Android". Empty where both are unknown."""
    found = (_named(user_agent, BROWSERS), _named(user_agent, SYSTEMS))
    return " · ".join(name for name in found if name)


def _named(user_agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in names if sign in user_agent), "")
