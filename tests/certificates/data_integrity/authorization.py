"""Who may ask for a proof."""

from tests.project.authorization.table import own

ADDRESSES = {"api:proof": own("The holder of the certificate.")}
