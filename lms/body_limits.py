"""How large the body of a request may be, by its address.

nginx has the same table (deploy/nginx.conf), and refuses in the scaled mode what `lms.threaded_wsgi` refuses in the embedded one:
before more than the least of these is stored.
"""

import re
from typing import NamedTuple

MEBIBYTE = 1024 * 1024


class Limit(NamedTuple):
    # From the beginning of the path.
    paths: str
    mebibytes: int
    # Whether bodies larger than `DEFAULT` are accepted from logged-in staff only.
    is_for_staff: bool = True

    @property
    def size(self) -> int:
        """In bytes."""
        return self.mebibytes * MEBIBYTE


# Forms without files, and what scripts send.
DEFAULT = Limit("/", 1, is_for_staff=False)
LIMITS = (
    # Anyone may verify a certificate; the page reads 2 MB and shows an error for larger files.
    Limit("/[a-z]+/verify/(?:file|list)/", 3, is_for_staff=False),
    # A photo of oneself: accounts/services/photos.py keeps 100 kB of it.
    Limit("/[a-z]+/accounts/photo/", 3, is_for_staff=False),
    # A file of an answer, by the form: assessment/files/rewriting.py takes 3 MB of it.
    Limit("/[a-z]+/assessment/attempts/[0-9a-f-]+/files/[0-9]+/$", 3, is_for_staff=False),
    # Slides of a class: 30 MB.
    Limit("/[a-z]+/live/[0-9a-f-]+/slides/", 31),
    # A video in one piece, for browsers without scripts.
    Limit("/[a-z]+/teach/uploads/", 4096),
    Limit("/admin/video/", 4096),
    # An index of paper certificates with a hundred scans: 200 MB.
    Limit("/admin/legacy_batches/", 210),
    Limit("/admin/legacy_papers/", 11),
    # A file that goes back with a mark: 8 MB.
    Limit("/admin/marking/", 9),
    # Lists of staff: 25 MB.
    Limit("/admin/imports/", 26),
    # Files of questions: 25 MB.
    Limit("/admin/question_imports/", 26),
    # Pictures (10 MB, a few at a time) and documents of pages.
    Limit("/admin/(?:images|documents)/", 64),
    # Captions, and long pages.
    Limit("/admin/", 3, is_for_staff=False),
)


def limit_for(path: str) -> Limit:
    return next((limit for limit in LIMITS if re.match(limit.paths, path)), DEFAULT)
