"""The HTTP paths that bypass Django, which would read the whole body of a request before any view runs."""

import re

from media_pipeline.consumers import serve_uploads
from media_pipeline.uploading import UPLOADS_PATH

http_applications = {re.compile(re.escape(UPLOADS_PATH)): serve_uploads}
