"""Texts of libraries that say nothing in Arabic themselves: named here, so that they are collected and translated as ours."""

from django.utils.translation import gettext_noop

# django-allauth
FORGOT_PASSWORD = gettext_noop("Forgot your password?")
PASSWORD = gettext_noop("Password")
PASSWORD_AGAIN = gettext_noop("Password (again)")
PHONE = gettext_noop("Phone")
REMEMBER_ME = gettext_noop("Remember Me")

# django: an empty choice
NO_CHOICE = gettext_noop("- Select an option -")
