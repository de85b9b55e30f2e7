"""Texts of libraries that say nothing in Arabic themselves: named here, so that they are collected and translated as ours."""

from django.utils.translation import gettext_noop, ngettext_lazy, npgettext_lazy

# django-allauth
FORGOT_PASSWORD = gettext_noop("Forgot your password?")
PASSWORD = gettext_noop("Password")
PASSWORD_AGAIN = gettext_noop("Password (again)")
PASSWORDS_DIFFER = gettext_noop("You must type the same password each time.")
PHONE = gettext_noop("Phone")
REMEMBER_ME = gettext_noop("Remember Me")
LOGGED_IN = gettext_noop("Successfully signed in as %(name)s.")

# django: an empty choice
NO_CHOICE = gettext_noop("- Select an option -")

# django.contrib.humanize, which is not installed: Wagtail says by it when a review began
LONG_AGO = gettext_noop("%(delta)s ago")
AGES = (
    npgettext_lazy("naturaltime-past", "%(num)d year", "%(num)d years", "num"),
    npgettext_lazy("naturaltime-past", "%(num)d month", "%(num)d months", "num"),
    npgettext_lazy("naturaltime-past", "%(num)d week", "%(num)d weeks", "num"),
    npgettext_lazy("naturaltime-past", "%(num)d day", "%(num)d days", "num"),
    npgettext_lazy("naturaltime-past", "%(num)d hour", "%(num)d hours", "num"),
    npgettext_lazy("naturaltime-past", "%(num)d minute", "%(num)d minutes", "num"),
    ngettext_lazy("an hour ago", "%(count)s hours ago", "count"),
    ngettext_lazy("a minute ago", "%(count)s minutes ago", "count"),
    ngettext_lazy("a second ago", "%(count)s seconds ago", "count"),
)
NOW = gettext_noop("now")

# django: a column of the list of logins
LAST_LOGIN = gettext_noop("last login")

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
# Heads every page with a form that changes a row.
EDITING = gettext_noop("Editing")
# The menu calls the same page "Home".
DASHBOARD = gettext_noop("Dashboard")
# Of the audit trail: what happened, and not a heading.
CREATED_IN_THE_TRAIL = gettext_noop("Created")
# There is one task of reviews, and its name is in both languages.
SENT_TO_TASK = gettext_noop("Sent to %(task_name)s %(started_at)s")
MATCHES = ngettext_lazy("There is %(counter)s match", "There are %(counter)s matches", "counter")

MATCHING_PAGES = ngettext_lazy(
    "There is one matching page", "There are %(counter)s matching pages", "counter"
)
USED = ngettext_lazy("Used %(usage_count)s time", "Used %(usage_count)s times", "usage_count")
COLLECTION = gettext_noop("Collection")
COLLECTIONS = gettext_noop("Collections")
ALL_COLLECTIONS = gettext_noop("All collections")

# Wagtail: without a hamza, without an Arabic, or about Wagtail where the reader knows the site
SETTINGS = gettext_noop("Settings")
SETTING_NOT_SAVED = gettext_noop("The setting could not be saved due to errors.")
SETTING_NOT_OPENED = gettext_noop("This setting could not be opened because there is no site defined.")
NOT_CREATED = gettext_noop("The %(model_name)s could not be created due to errors.")
NOT_SAVED = gettext_noop("The %(model_name)s could not be saved due to errors.")
COLLECTION_NOT_SAVED = gettext_noop("The collection could not be saved due to errors.")
NOTHING_THERE_ADD_ONE = gettext_noop(
    'There are no %(model_name)s to display. Why not <a href="%(add_url)s">add one</a>?'
)
SHORTCUTS = gettext_noop("Shortcuts")
CUSTOM_SHORTCUTS = gettext_noop("Enable custom keyboard shortcuts specific to Wagtail.")
QUICK_ACTIONS = gettext_noop("View Wagtail quick actions")
EDITOR_GUIDE = gettext_noop("Wagtail %(current_version)s editor guide")
NEWS = gettext_noop("What's new in Wagtail %(version)s")
UPGRADE = gettext_noop("Wagtail upgrade available")
SIGN_IN = gettext_noop("Sign in to Wagtail")
WORKPLACE = gettext_noop("Wagtail admin")
TO_THE_WORKPLACE = gettext_noop("Go to Wagtail admin")
ENTERS_WORKPLACE = gettext_noop("Can access Wagtail admin")
NOT_FOUND = gettext_noop("Error 404: Page not found")
NO_SCRIPTS = gettext_noop(
    "JavaScript is required to use Wagtail, but it is currently disabled.<br /> Here are the "
    '<a href="https://www.enable-javascript.com/" target="_blank" rel="noreferrer">instructions how to enable '
    "JavaScript in your web browser</a>."
)
BOLD = gettext_noop("Bold")
ITALIC = gettext_noop("Italic")
LOCKED_BY = gettext_noop("Locked by")
ANYONE = gettext_noop("Anyone")
UNKNOWN_NUMBER = gettext_noop("unknown number")
CANCELLED_BY = gettext_noop("Cancelled by %(cancelled_by)s")
NAME_AND_EMAIL = gettext_noop("Name and Email")
ADD_COLLECTION = gettext_noop("Add a collection")
COLLECTION_CREATED = gettext_noop("Collection '%(object)s' created.")
PAGE_PUBLISHED = gettext_noop("Page '%(page_title)s' created and published.")
PAGE_SUBMITTED = gettext_noop("Page '%(page_title)s' created and submitted for moderation.")
PAGE_SCHEDULED = gettext_noop("Page '%(page_title)s' created and scheduled for publishing.")
NO_PUBLISHING = gettext_noop('You do not have permission to publish pages at "%(page_title)s"')
SCHEDULED = gettext_noop("%(model_name)s scheduled for publishing")
SCHEDULED_AT = gettext_noop("%(model_name)s scheduled for publishing at %(go_live_at)s")
UNSCHEDULED = gettext_noop("%(model_name)s unscheduled from publishing")
UNSCHEDULED_AT = gettext_noop("%(model_name)s unscheduled for publishing at %(go_live_at)s")
CONTENT_CHECKS = gettext_noop(
    'See our <a href="%(guide_link)s" target="_blank">content checks guide</a> for more information on how content '
    "metrics are calculated."
)
ALT_PATTERN = gettext_noop("Image alt text has inappropriate pattern")
API_TOKENS = (
    gettext_noop("API token"),
    gettext_noop("API tokens"),
    gettext_noop("API token created"),
    gettext_noop("API token '%(name)s' revoked."),
    gettext_noop("Create API token"),
    gettext_noop("Revoke API token"),
    gettext_noop("API token revoked"),
    gettext_noop("Back to API tokens"),
    gettext_noop("Copy token"),
    gettext_noop("Token"),
    gettext_noop("Last used"),
    gettext_noop("Never"),
    gettext_noop("Revoked"),
    gettext_noop("created"),
    gettext_noop("revoked at"),
    gettext_noop("last used at"),
    gettext_noop("A human-readable label to identify this token."),
    gettext_noop("Are you sure you want to revoke this API token?"),
    gettext_noop("Yes, revoke"),
    gettext_noop("No, don't revoke"),
    gettext_noop('The token "%(name)s" has been created, copy it now, it will never be shown again.'),
    gettext_noop("Copying failed — please select and copy the token manually."),
)
REFERENCES = ngettext_lazy(
    "This %(model_name)s is referenced %(usage_count)s time.",
    "This %(model_name)s is referenced %(usage_count)s times.",
    "usage_count",
)
PAGES = ngettext_lazy(
    '%(total)s Page <span class="w-sr-only">created in %(site_name)s</span>',
    '%(total)s Pages <span class="w-sr-only">created in %(site_name)s</span>',
    "total",
)
IMAGES = ngettext_lazy(
    '%(total)s Image <span class="w-sr-only">created in %(site_name)s</span>',
    '%(total)s Images <span class="w-sr-only">created in %(site_name)s</span>',
    "total",
)
DOCUMENTS = ngettext_lazy(
    '%(total)s Document <span class="w-sr-only">created in %(site_name)s</span>',
    '%(total)s Documents <span class="w-sr-only">created in %(site_name)s</span>',
    "total",
)
PAGES_DELETED = ngettext_lazy(
    "This action will delete <b>%(total_pages_formatted)s</b> page in total.",
    "This action will delete <b>%(total_pages_formatted)s</b> pages in total.",
    "total_pages",
)
IMAGES_DELETED = ngettext_lazy("Delete 1 image", "Delete %(counter)s images", "counter")
MORE = ngettext_lazy("+%(counter)s more", "+%(counter)s more", "counter")

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
