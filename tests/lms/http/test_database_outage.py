"""During an outage of the database pages answer 503 at once, and work again afterwards."""

from collections.abc import Iterator

import httpx
import pytest
from django.conf import settings

from tests.live.browser_broadcast import TcpProxy
from tests.served_site import database_url, served
from tests.waiting import wait_until

pytestmark = pytest.mark.engines("a server process that loses its database")

# The pool's own patience, and what a busy machine adds.
TOLD_WITHIN = 30
BACK_WITHIN = 60


@pytest.fixture
def wire() -> Iterator[TcpProxy]:
    database = settings.DATABASES["default"]
    wire = TcpProxy(f"{database['HOST']}:{database['PORT']}")
    yield wire
    wire.close()


@pytest.mark.django_db(transaction=True)
def test_pages_answer_503_during_an_outage_and_recover_by_themselves(wire: TcpProxy):
    port = wire.address.rpartition(":")[2]
    with served(DATABASE_URL=database_url(HOST="127.0.0.1", PORT=port)) as site:
        assert httpx.get(f"{site}/ar/", timeout=TOLD_WITHIN).status_code == 200

        wire.cut()
        away = [
            httpx.get(f"{site}{path}", timeout=TOLD_WITHIN) for path in ("/ar/", "/readyz", "/ar/catalog/")
        ]
        upload = httpx.head(
            f"{site}/media/uploads/{'0' * 32}",
            headers={"Tus-Resumable": "1.0.0", "Cookie": "sessionid=0123456789abcdef"},
            timeout=TOLD_WITHIN,
        )
        alive = httpx.get(f"{site}/healthz", timeout=TOLD_WITHIN)
        wire.mend()

        wait_until(lambda: httpx.get(f"{site}/ar/", timeout=TOLD_WITHIN).status_code == 200, BACK_WITHIN)

    assert [page.status_code for page in away] == [503] * 3
    assert away[0].headers["Retry-After"] == "10"
    assert "الموقع غير جاهز الآن" in away[0].text
    assert (upload.status_code, alive.status_code) == (503, 200)
