"""The site's own settings with test secrets, fast passwords and files in a folder that goes away."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "tests-only-0123456789-0123456789-0123456789-0123456789")
os.environ.setdefault("FIELD_ENCRYPTION_KEYS", "dGVzdHMtb25seS0wMTIzNDU2Nzg5LXRlc3RzLW9ubHk=")
os.environ.setdefault("IDENTITY_HMAC_KEY", "tests-only-hmac-key-0123456789")
os.environ.setdefault("MEDIA_LINK_SECRET", "tests-only-link-secret")
os.environ["ALLOW_DEMO_CERTIFICATES"] = "true"
# Workers and servers that a test starts and kills use the folder of the run, which is deleted with it.
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="mihna-tests-", dir=os.environ.get("FILES_OF_THE_RUN"))
os.environ.setdefault("FILES_OF_THE_RUN", os.environ["VAR_DIR"])

from lms.settings import *  # noqa: F403 - the environment above must come first
from lms.settings import (
    DATABASES,
    LIVE_SRT_PORT,
    OPTIONAL_ENGINES,
    STATIC_ROOT,
    STORAGES,
    WAGTAILSEARCH_BACKENDS,
)

# WhiteNoise warns about a folder that is not there.
STATIC_ROOT.mkdir()
# Rooms offer an address for OBS; a test that receives it listens on a port of its own.
LIVE_SRT_PORT = LIVE_SRT_PORT or (9710 if "live.obs" in OPTIONAL_ENGINES else 0)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CACHES = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "pages")
}
# Tests ask pages for what they have just changed, in transactions that end with none of it.
PAGE_CACHE_SECONDS = SHARED_ROWS_SECONDS = 0
# No gateway of a test reports, unless the test serves the site for it.
SMS_REPORTS_URL = ""
# A pool per thread of a test would outlive the database it points at.
DATABASES["default"]["OPTIONS"].pop("pool", None)
# No worker receives dispatched tasks: tests call the service of the task, and fault tests start a worker of their own.
CELERY_BROKER_URL = "memory://"
# Half a dozen statements for every page; only Wagtail's own search boxes read what they write.
WAGTAILSEARCH_BACKENDS["default"]["AUTO_UPDATE"] = False
