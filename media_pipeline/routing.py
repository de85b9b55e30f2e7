"""The HTTP paths of media that Django must not answer: it takes a request's body whole before any view runs."""

import re

from media_pipeline.consumers import serve_uploads
from media_pipeline.uploading import UPLOADS_PATH

http_applications = {re.compile(re.escape(UPLOADS_PATH)): serve_uploads}
