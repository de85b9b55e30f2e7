"""Whether the process on the given port answers: the health check of a container. ``health.py 8000``."""

import os
import sys
import urllib.request
from urllib.parse import urlsplit

if __name__ == "__main__":
    site = urlsplit(os.environ["SITE_URL"])
    asked = urllib.request.Request(
        f"http://127.0.0.1:{int(sys.argv[1])}/healthz",
        # As the proxy asks: the site answers by its own name and, in production, over HTTPS only.
        headers={"Host": site.netloc, "X-Forwarded-Proto": site.scheme},
    )
    with urllib.request.urlopen(asked, timeout=4) as answer:
        sys.exit(answer.status != 200)
