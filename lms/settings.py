"""Settings of every mode, read from the environment.

Embedded mode (nothing set): PostgreSQL, broker and files under `var/`. Scaled mode: `DATABASE_URL`, `REDIS_URL`
and the rest come from the environment. The same lines read both; no secret has a default here: the embedded
launcher makes them once and passes them in the environment.
"""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")

# --- Secrets and hosts -------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY")
# Fernet keys for national numbers and secrets of second factors, newest first; old ones stay readable (comma separated, urlsafe base64, 32 bytes).
FIELD_ENCRYPTION_KEYS: list[str] = env.list("FIELD_ENCRYPTION_KEYS")
# Key of the keyed hash that keeps identity numbers unique without storing them in the clear.
IDENTITY_HMAC_KEY = env.str("IDENTITY_HMAC_KEY")
# Shared with nginx: signs the expiring path prefix of video files.
MEDIA_LINK_SECRET = env.str("MEDIA_LINK_SECRET")

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# The public address, printed in certificates and QR codes.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
# Whether requests come through our own proxy, whose X-Forwarded-For is trusted.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# --- Applications ------------------------------------------------------------------------------------------------

# What a site may do without: an app of its own each, and this one line (docs/explanation/optional-engines.md).
OPTIONAL_ENGINES: list[str] = [
    "certificates.data_integrity",
    "live.near_live",
    "live.obs",
    "live.whip",
    "media_pipeline.bucket",
    "media_pipeline.transcription",
]

INSTALLED_APPS = [
    "daphne",
    "lms",
    "insights",
    "manual",
    "certificates",
    "live",
    "assessment",
    "courses",
    "media_pipeline",
    "accounts",
    "jobs",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "lms.apps.UsersConfig",
    "wagtail.snippets",
    "lms.apps.DocumentsConfig",
    "lms.apps.ImagesConfig",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "channels",
    # The widgets' templates, for the form renderer.
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    # The templates of sitemaps.
    "django.contrib.sitemaps",
    *OPTIONAL_ENGINES,
]

MIDDLEWARE = [
    "lms.middleware.ClientAddressMiddleware",
    "lms.middleware.AuditAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "lms.middleware.PermissionsPolicyMiddleware",
    "lms.middleware.LastErrorMiddleware",
    "lms.middleware.GZipPagesMiddleware",
    "lms.page_cache.PageCacheMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lms.middleware.LocaleMiddleware",
    "lms.middleware.WorkplaceDigitsMiddleware",
    "lms.middleware.OddRequestsMiddleware",
    "lms.shared_rows.SharedRowsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lms.middleware.PrivatePagesMiddleware",
    "accounts.middleware.LastSeenMiddleware",
    "accounts.middleware.ReaderDigitsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.middleware.TemporaryPasswordMiddleware",
    "accounts.middleware.PrivacyNoticeMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.view_as.ViewAsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"
ASGI_APPLICATION = "lms.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    }
]
FORM_RENDERER = "lms.renderers.FormRenderer"

# --- Data --------------------------------------------------------------------------------------------------------

# A connection that died with the database is found out before a page gets it.
DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=0, conn_health_checks=True)}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DATABASES["default"]["OPTIONS"]["pool"] = {
    "min_size": 1,
    "max_size": env.int("DATABASE_POOL_SIZE", default=8),
    # Seconds after which a page shows that the database is unreachable. A pool that has tried for as long starts over: by itself it
    # would double its pauses up to minutes, and be late when the database is back.
    "timeout": 5,
    "reconnect_timeout": 5,
}
# A statement that a connection asks for the fifth time is prepared: the database parses and plans it once. Planning was more than half of what pages cost it.
if env.bool("DATABASE_PREPARED_STATEMENTS", default=True):
    DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 5}
# Who owns the tables, for `manage.py migrate` alone (`lms.owner`); the role of DATABASE_URL owns nothing.
DATABASE_OWNER = env.dj_db_url("DATABASE_OWNER_URL", default=env.str("DATABASE_URL"))
# How many pages the socket server answers at once: a connection each, and two for what sockets ask.
PAGES_AT_ONCE = max(1, DATABASES["default"]["OPTIONS"]["pool"]["max_size"] - 2)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The broker and the notifier of live rooms (`live.server.event_gateway`): it evicts nothing, so that no task is lost.
REDIS_URL = env.str("REDIS_URL", default="")
# The cache, which evicts least recently used keys: another Redis, since a full cache would block the broker.
CACHE_REDIS_URL = env.str("CACHE_REDIS_URL", default=REDIS_URL)
# The pages of visitors, which come as often as anyone asks: they must neither fill the broker nor evict the counters of the cache.
PAGES_REDIS_URL = env.str("PAGES_REDIS_URL", default=CACHE_REDIS_URL)

# What `lms.webserver` runs: daphne, or uvicorn, which large live rooms cost less.
SOCKET_SERVER = env.str("SOCKET_SERVER", default="daphne", validate=validate.OneOf(["daphne", "uvicorn"]))

CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": CACHE_REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 5},
        }
        if CACHE_REDIS_URL
        # Shared by the web process and the worker of the embedded mode, unlike memory.
        else {
            "BACKEND": "lms.caches.CountersCache",
            "LOCATION": VAR_DIR / "cache",
            # Beyond this a third is evicted at random, counters of failed logins among them: four kilobytes each on the disk.
            "OPTIONS": {"MAX_ENTRIES": 50_000},
        }
    ),
    # Apart from the counters, which pages must not evict.
    "pages": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": PAGES_REDIS_URL,
            "KEY_PREFIX": "pages",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
        if PAGES_REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "pages",
            "OPTIONS": {"MAX_ENTRIES": 1000},
        }
    ),
}
# How long a process remembers the site and its identity at most (`lms.shared_rows`); what changes them ends it at once.
SHARED_ROWS_SECONDS = env.int("SHARED_ROWS_SECONDS", default=60, validate=validate.Range(min=0, max=3600))
# How long a page is kept for visitors at most (`lms.page_cache`); what changes it ends it at once. 0: none is kept, and none ever is
# where the broker would have to keep it.
PAGE_CACHE_SECONDS = env.int("PAGE_CACHE_SECONDS", default=60, validate=validate.Range(min=0, max=3600))
if REDIS_URL and PAGES_REDIS_URL == REDIS_URL:
    PAGE_CACHE_SECONDS = 0

# --- Celery ------------------------------------------------------------------------------------------------------

# "files" are those of `lms.broker`.
CELERY_BROKER_URL = REDIS_URL or "files://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 3600, "socket_connect_timeout": 5}
    if REDIS_URL
    else {
        "data_folder_in": str(VAR_DIR / "celery" / "messages"),
        "data_folder_out": str(VAR_DIR / "celery" / "messages"),
        "processed_folder": str(VAR_DIR / "celery" / "processed"),
        "control_folder": str(VAR_DIR / "celery" / "control"),
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celery" / "beat-schedule")

# --- Mail and short messages -------------------------------------------------------------------------------------

MAIL_HOST = env.str("MAIL_HOST", default="")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", default="mihna@localhost")
MAILERS = {
    "default": (
        {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {
                "host": MAIL_HOST,
                "port": env.int("MAIL_PORT", default=587),
                "username": env.str("MAIL_USER", default=""),
                "password": env.str("MAIL_PASSWORD", default=""),
                "use_tls": env.bool("MAIL_USE_TLS", default=True),
                "timeout": 10,
            },
        }
        if MAIL_HOST
        else {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    )
}

# The operator's gateway to the mobile networks, by the HTTP interface of Kannel; without one, no short messages are sent.
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_USER = env.str("SMS_GATEWAY_USER", default="")
SMS_GATEWAY_PASSWORD = env.str("SMS_GATEWAY_PASSWORD", default="")
# As the networks registered it: up to eleven letters, or a number.
SMS_FROM = env.str("SMS_FROM", default="Mihna")
# This site as the gateway reaches it, for its reports of what was delivered; empty: none are asked for.
SMS_REPORTS_URL = env.str("SMS_REPORTS_URL", default=SITE_URL)
# Hours after which a message without a report is counted as such on the operators' page.
SMS_REPORT_HOURS = env.int("SMS_REPORT_HOURS", default=48)
# Parts of messages in a calendar month, 0: no limit; and how many more for codes and what cannot wait.
SMS_MONTHLY_CAP = env.int("SMS_MONTHLY_CAP", default=0)
SMS_MONTHLY_RESERVE = env.int("SMS_MONTHLY_RESERVE", default=5_000)
# How long it is kept what became of a message, in days.
DELIVERY_DAYS = env.int("DELIVERY_DAYS", default=365)
# How many messages to trainees one login sends within a day; 0 is without a limit.
MESSAGES_A_DAY = env.int("MESSAGES_A_DAY", default=100)
# Questions of trainees that wait for more working days are work of the manager of the center, too.
QUESTION_DAYS = env.int("QUESTION_DAYS", default=3, validate=validate.Range(min=1, max=30))
# With fewer sheets of security paper left, a center is on the home page of those who assign it.
SECURITY_PAPER_LOW = env.int("SECURITY_PAPER_LOW", default=50)
# How long people read a notice on the site.
SITE_NOTICE_DAYS = env.int("SITE_NOTICE_DAYS", default=365)

# --- Files -------------------------------------------------------------------------------------------------------

MEDIA_ROOT = env.path("MEDIA_ROOT", VAR_DIR / "media")
# Public: editorial pictures and documents of the CMS only.
MEDIA_URL = "/files/"
# Private: video sources and published streams, certificates. Never under MEDIA_URL.
PRIVATE_ROOT = env.path("PRIVATE_ROOT", VAR_DIR / "private")
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "lms" / "static"]
STORAGES: dict[str, dict] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT, "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# Whether this process signs certificates and verification responses: off in processes that open uploaded files.
SIGNS_CERTIFICATES = env.bool("SIGNS_CERTIFICATES", default=True)
# The keys that seal certificates (docs/how-to/certificates-keys.md): files here, or a hardware module with its token.
SEALING_KEYS_DIR = env.path("SEALING_KEYS_DIR", VAR_DIR / "keys")
SEALING_KEY_PASSPHRASE = env.str("SEALING_KEY_PASSPHRASE", default="")
PKCS11_MODULE = env.str("PKCS11_MODULE", default="")
PKCS11_TOKEN = env.str("PKCS11_TOKEN", default="")
PKCS11_PIN = env.str("PKCS11_PIN", default="")
# An RFC 3161 server that stamps archived certificates.
TIMESTAMP_AUTHORITY_URL = env.str("TIMESTAMP_AUTHORITY_URL", default="")
# Whether keys of the demo authority may sign. Never where certificates count.
ALLOW_DEMO_CERTIFICATES = env.bool("ALLOW_DEMO_CERTIFICATES", default=False)
# Seconds without a heartbeat after which the lease of a certificate expires, and another worker renders it.
CERTIFICATES_LEASE_SECONDS = env.int("CERTIFICATES_LEASE_SECONDS", default=180)
# Networks of the ministry that webhooks may call although they are not public, such as 10.20.0.0/16.
WEBHOOK_ALLOWED_NETWORKS: list[str] = env.list("WEBHOOK_ALLOWED_NETWORKS", default=[])
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# An index with a hundred scans; beyond it the page shows an error.
DATA_UPLOAD_MAX_NUMBER_FILES = 200
# Where nginx, or the stream view of the embedded mode, notes what it delivered.
DELIVERY_LOG_ROOT = env.path("DELIVERY_LOG_ROOT", VAR_DIR / "delivery")
# Whether processes that run ffmpeg on uploaded files and streams refuse to start where it cannot be sandboxed.
SANDBOX_REQUIRED = env.bool("SANDBOX_REQUIRED", default=True)
FFMPEG_BINARY = env.str("FFMPEG_BINARY", default="")
MEDIA_MAX_UPLOAD_BYTES = env.int("MEDIA_MAX_UPLOAD_BYTES", default=8_000_000_000)
# What one center may keep unless the ministry sets a limit of its own for it, and what stays free on the disk.
MEDIA_QUOTA_GB = env.int("MEDIA_QUOTA_GB", default=200)
# Uploads of one person that are announced and neither finished nor canceled.
MEDIA_OPEN_UPLOADS_PER_PERSON = env.int("MEDIA_OPEN_UPLOADS_PER_PERSON", default=50)
MEDIA_DISK_RESERVE_BYTES = env.int("MEDIA_DISK_RESERVE_BYTES", default=2_000_000_000)
MEDIA_MAX_SECONDS = env.int("MEDIA_MAX_SECONDS", default=4 * 3600)
# Seconds without a heartbeat after which the lease of a step expires, and another worker takes it.
MEDIA_LEASE_SECONDS = env.int("MEDIA_LEASE_SECONDS", default=60)
# How many steps (each about one ffmpeg) a machine does at once; 0: one a core, as far as the memory goes.
MEDIA_STEPS_AT_ONCE = env.int("MEDIA_STEPS_AT_ONCE", default=0)
# Seconds of video that one step encodes: what a killed worker can lose.
MEDIA_CHUNK_SECONDS = env.int("MEDIA_CHUNK_SECONDS", default=60)
# Disk space that transcoding leaves free.
MEDIA_KEEP_FREE_BYTES = env.int("MEDIA_KEEP_FREE_BYTES", default=500_000_000)
# A 1080p rendition, for ministries with the disks and bandwidth for it.
MEDIA_FULL_HD = env.bool("MEDIA_FULL_HD", default=False)
# A second set at 240p in AV1, for phones that can: 130 kbit/s where H.264 needs 210, at five times the CPU.
MEDIA_AV1 = env.bool("MEDIA_AV1", default=False)
# Recordings of live classes are kept this long after the class; 0 keeps them for ever. Lessons made of them stay.
# How long a seat that became free is kept for the next person on the waiting list.
SEAT_OFFER_HOURS = env.int("SEAT_OFFER_HOURS", default=48, validate=validate.Range(min=1, max=24 * 30))
# Figures of fewer people than this are not published.
FIGURES_SMALLEST = env.int("FIGURES_SMALLEST", default=10, validate=validate.Range(min=3, max=1000))
LIVE_RECORDING_DAYS = env.int("LIVE_RECORDING_DAYS", default=365)
# Whether lessons made of live classes may show the messages of those who allow it, without their names.
LIVE_REPLAY_CHAT = env.bool("LIVE_REPLAY_CHAT", default=False)

# --- Complaints --------------------------------------------------------------------------------------------------

# Working days within which a complaint is answered, by what it is about (`courses.enums.ComplaintKind`).
COMPLAINT_DAYS = {
    "course": 15,
    "class": 10,
    "center": 15,
    "staff": 10,
    "certificate": 7,
    # Within the days in which who holds it is heard.
    "decision": 7,
    # Who may not write under lessons for some days is answered before they are over, where that can be.
    "questions": 3,
    **env.dict("COMPLAINT_DAYS", subcast_values=int, default={}),
}
# Working days within which somebody takes it, before the next level is asked.
COMPLAINT_TAKE_DAYS = env.int("COMPLAINT_TAKE_DAYS", default=2, validate=validate.Range(min=1, max=30))
# Days that a question to the citizen stops the clock, at most.
COMPLAINT_WAIT_DAYS = env.int("COMPLAINT_WAIT_DAYS", default=14, validate=validate.Range(min=1, max=90))
# Days after the answer in which the citizen may reopen it, once.
COMPLAINT_REOPEN_DAYS = env.int("COMPLAINT_REOPEN_DAYS", default=14, validate=validate.Range(min=1, max=90))
# Days after which a closed complaint is deleted.
COMPLAINT_KEEP_DAYS = env.int("COMPLAINT_KEEP_DAYS", default=1825, validate=validate.Range(min=91))

# --- Requests for a call ------------------------------------------------------------------------------------------

# Days after which a closed request for a call is deleted, with the number and all that was sent with it.
CALL_BACK_KEEP_DAYS = env.int("CALL_BACK_KEEP_DAYS", default=30, validate=validate.Range(min=1, max=365))

# --- Optional engines --------------------------------------------------------------------------------------------

# Defaults, which an engine may replace: published versions are stored on our disk and served by this site.
FILM_STORAGE: dict = {}
FILM_ORIGINS: list[str] = []
# The media server of live classes: this site.
LIVE_MEDIA_BACKEND = "builtin"
# How many viewers follow a class nearly live.
LIVE_NEARLY_LIVE_VIEWERS = 0
# The UDP port of the listener for OBS: none.
LIVE_SRT_PORT = 0

for engine in OPTIONAL_ENGINES:
    if find_spec(f"{engine}.settings"):
        read = vars(import_module(f"{engine}.settings"))
        globals().update({name: value for name, value in read.items() if name.isupper()})

if FILM_STORAGE:
    STORAGES["films"] = FILM_STORAGE

# --- Language, time, digits --------------------------------------------------------------------------------------

LANGUAGE_CODE = "ar"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("ar", _("Arabic")), ("en", _("English"))]
LOCALE_PATHS = sorted(path for path in (BASE_DIR / "lms" / "locale").glob("*") if path.is_dir())
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
USE_TZ = True
TIME_ZONE = "Africa/Cairo"
FIRST_DAY_OF_WEEK = 6
FORMAT_MODULE_PATH = "lms.formats"
# How numbers are shown in Arabic pages: "arab" (١٢٣) or "latn" (123).
DIGITS_STYLE = env.str("DIGITS_STYLE", default="arab")

# --- People and sessions -----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
# IP addresses in the audit trail are erased after so many days; 0 keeps them. Everything else in it stays.
AUDIT_ADDRESS_DAYS = env.int("AUDIT_ADDRESS_DAYS", default=180, validate=validate.Range(min=0))
# Working days within which a request of a person about their data is answered (law 151/2020, article 32).
DATA_REQUEST_DAYS = env.int("DATA_REQUEST_DAYS", default=6, validate=validate.Range(min=1, max=60))
# Who was erased, as keyed hashes: outside the database, so that a restored dump is erased again (`manage.py apply_erasures`).
ERASURE_REGISTER = env.path("ERASURE_REGISTER", VAR_DIR / "erasures.jsonl")
AUTHENTICATION_BACKENDS = [
    # Before allauth's, which would spend a hash on credentials that it does not know.
    "accounts.backends.SharedNumberBackend",
    "accounts.backends.MembershipBackend",
    "accounts.backends.LoginBackend",
]
VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}.MinimumLengthValidator"},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
    {
        "NAME": f"{VALIDATION}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "phone", "email")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "courses:my_learning"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "phone", "email"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "email", "password1*", "password2*"]
ACCOUNT_FORMS = {"login": "accounts.forms.sign_in.LoginForm", "signup": "accounts.forms.sign_in.SignupForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"
# A number is taken as typed: not every ministry has a gateway for short messages. It is proved by `accounts.services.codes`.
ACCOUNT_PHONE_VERIFICATION_ENABLED = False
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
# A person is greeted by name, not by the name of the login.
ACCOUNT_USER_DISPLAY = str
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
# A class behind one address starts together; a guesser meets the limit of each identity (`accounts.adapter`).
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    # A hundred in a day: NIST SP 800-63B-4, 3.2.2.
    "login_failed": "100/m/ip,5/300s/key,100/d/key",
    "signup": "100/m/ip",
    "reset_password": "60/m/ip,5/m/key",
    # Wrong codes of a second factor in a day, in addition to five in five minutes: slow guessing fails too.
    "second_factor": "30/d/key",
    # Wrong passwords of a private page from one address.
    "page_password": "100/m/ip,5/300s/key",
    # A center's people are behind one address; a person or a number complains a few times a day.
    "complaint": "40/h/ip,6/d/key",
    # Wrong tries; a right one is not counted. A guesser of the number that belongs to a reference has five an hour.
    "complaint_found": "30/m/ip,5/h/key",
    # So with requests for a call, of a number and of a login.
    "call_back": "40/h/ip,6/d/key",
    "call_back_login": "12/d/key",
}
# No mail to addresses that have no login: anyone could have typed them.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""

# Whether certifying officers, officers of the ministry and superusers work with a second factor only. Anyone may set one up.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=False)
# How long a proof of who holds a session counts, in seconds: before certificates are issued or revoked, and before the
# login itself is changed.
ACCOUNT_REAUTHENTICATION_TIMEOUT = env.int(
    "REAUTHENTICATION_SECONDS", default=300, validate=validate.Range(min=30, max=3600)
)
MFA_ADAPTER = "accounts.second_factors.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "accounts.second_factors.CodeForm",
    "reauthenticate": "accounts.second_factors.ReauthenticationCodeForm",
    "activate_totp": "accounts.second_factors.ActivationCodeForm",
    "add_webauthn": "accounts.second_factors.PasskeyForm",
}
MFA_TOTP_ISSUER = "Mihna"
# Clocks of phones are half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True

# Sign-in of staff by an identity provider (OpenID Connect): where it is, and by what it knows this site. Off without them.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="").rstrip("/")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
# What staff call it, on the button of the login page.
OIDC_NAME = env.str("OIDC_NAME", default="OpenID Connect")
SOCIALACCOUNT_ADAPTER = "accounts.identity_provider.StaffSignInAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False

# --- Security ----------------------------------------------------------------------------------------------------

HTTPS_ONLY = env.bool("HTTPS_ONLY", default=SITE_URL.startswith("https://"))
SECURE_SSL_REDIRECT = HTTPS_ONLY
# Without our own proxy any client may send this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS_ONLY and BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
# Both speak for the whole domain: for the ministry to say. The second lets it be entered in the lists that browsers are shipped
# with, which it leaves after years; those lists take whole domains only.
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY and env.bool("HSTS_WHOLE_DOMAIN", default=False)
SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS and env.bool("HSTS_PRELOAD", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS_ONLY
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # asks for DENY: Wagtail shows its previews in a frame of the same origin
    "security.W005",  # asks for HSTS on all subdomains: HSTS_WHOLE_DOMAIN
    "security.W021",  # asks for preloading: HSTS_PRELOAD
    "account.W001",  # misses the user name at sign-up: staff give those, trainees have their phone
]
OIDC_ORIGINS = ["/".join(OIDC_ISSUER.split("/")[:3])] if OIDC_ISSUER else []
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    # hls.js plays through a MediaSource object URL.
    "media-src": [CSP.SELF, "blob:", *FILM_ORIGINS],
    "connect-src": [CSP.SELF, *FILM_ORIGINS],
    "worker-src": [CSP.SELF, "blob:"],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    # A form's redirect counts, too: the button of the login page leads to the identity provider.
    "form-action": [CSP.SELF, *OIDC_ORIGINS],
    "frame-ancestors": [CSP.SELF],
}

# Wagtail's widgets would start by scripts inside the page; `lms.admin_starts` starts them from a file of ours.
ADMIN_CSP: dict[str, list[str]] = {
    **SECURE_CSP,
    # Draftail writes a style element for each empty paragraph, named after its random key: neither a nonce nor a hash fits.
    "style-src-elem": [CSP.SELF, CSP.UNSAFE_INLINE],
    "style-src-attr": [CSP.NONE],
    # For browsers that do not tell the two apart.
    "style-src": [CSP.SELF, CSP.UNSAFE_INLINE],
}

# --- Wagtail -----------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Mihna"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_FRONTEND_LOGIN_URL = "/ar/accounts/login/"
# Our login view of the same name: it redirects visitors to the one login page and refuses trainees.
WAGTAILADMIN_LOGIN_URL = "wagtailadmin_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# One time zone for lists, certificates and people. An empty list removes the choice of a zone.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAILADMIN_PERMITTED_LANGUAGES = [("ar", "العربية"), ("en", "English")]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Pictures are for questions: `assessment.picture_views` says who opens them.
WAGTAILDOCS_EXTENSIONS = [
    *("csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx", "zip"),
    *("jpeg", "jpg", "png", "webp"),
]
# Judged by the header, before anything is decoded: four bytes each in memory.
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "lms.pictures.PictureForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "lms.pictures.DocumentForm"
# No role holds Wagtail's right to publish: a review publishes.
WAGTAIL_FINISH_WORKFLOW_ACTION = "courses.publishing.publish_what_was_reviewed"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
TAGGIT_CASE_INSENSITIVE = True

# --- Logs --------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Wagtail's own small tasks say two lines about every saved page.
    # httpx would name every class it asks the media server for.
    "loggers": {"django_tasks": {"level": "WARNING"}, "httpx": {"level": "WARNING"}},
}
