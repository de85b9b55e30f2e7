"""Used entry tickets."""

from django.db import models


class TicketUse(models.Model):
    """An entry ticket that was used. The primary key makes a second use impossible, in any process."""

    nonce = models.UUIDField(primary_key=True)
    used_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.nonce)
