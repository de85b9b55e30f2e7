"""Authorization of the OBS address."""

from accounts.enums import Act
from accounts.models import Center
from tests.factories.live import taught_class
from tests.factories.rows import Visit, visit
from tests.project.authorization.table import own

ADDRESSES = {"obs:address": own("An instructor of the center sends.", Act.TEACH)}


@visit("obs:address")
def own_obs(center: Center) -> Visit:
    return Visit(**taught_class(center))
