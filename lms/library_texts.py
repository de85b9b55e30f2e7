"""Texts of libraries that say nothing in Arabic themselves: named here, so that they are collected and translated as ours."""

from django.utils.translation import gettext_noop, ngettext_lazy

# django-allauth
FORGOT_PASSWORD = gettext_noop("Forgot your password?")
PASSWORD = gettext_noop("Password")
PASSWORD_AGAIN = gettext_noop("Password (again)")
PHONE = gettext_noop("Phone")
REMEMBER_ME = gettext_noop("Remember Me")

# django: an empty choice
NO_CHOICE = gettext_noop("- Select an option -")

# Wagtail: what its own Arabic says wrongly, word for word, or in one form for every number
INSPECT = gettext_noop("Inspect")
SNIPPETS = gettext_noop("Snippets")
VIEW_LIVE = gettext_noop("View live")
CREATED = gettext_noop("%(model_name)s '%(object)s' created.")
UPDATED = gettext_noop("%(model_name)s '%(object)s' updated.")
DELETED = gettext_noop("%(model_name)s '%(object)s' deleted.")
NO_MATCH = gettext_noop("No %(model_name)s match your query.")
NOTHING_THERE = gettext_noop("There are no %(model_name)s to display.")
AUTOSAVE_PAUSED = gettext_noop("Autosave is <span>paused</span>")
JUST_NOW = gettext_noop("just now")
AGO = gettext_noop("%(time_period)s ago")
MATCHES = ngettext_lazy("There is %(counter)s match", "There are %(counter)s matches", "counter")

# Wagtail: rows that it writes into a new database
ROOT = gettext_noop("Root")

# Wagtail and Django: labels of fields without an Arabic of their own
CREATED_AT = gettext_noop("created at")
NAME = gettext_noop("name")
IMAGE = gettext_noop("image")
TRUE = gettext_noop("True")
FALSE = gettext_noop("False")
NONE = gettext_noop("None")

# django: what is wrong with a new password
PASSWORD_LIKE_PERSON = gettext_noop("The password is too similar to the %(verbose_name)s.")
PASSWORD_COMMON = gettext_noop("This password is too common.")
PASSWORD_SHORT = ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
)
PASSWORD_HELP = (
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
    ngettext_lazy(
        "Your password must contain at least %(min_length)d character.",
        "Your password must contain at least %(min_length)d characters.",
        "min_length",
    ),
)

# django: dates that cannot be read; they name the form, as on a page that shows none
DATE_UNREADABLE = gettext_noop("Enter a valid date.")
DATETIME_UNREADABLE = gettext_noop("Enter a valid date/time.")
