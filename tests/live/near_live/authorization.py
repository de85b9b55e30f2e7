"""Authorization of near-live playback."""

from accounts.enums import Act
from accounts.models import Center
from tests.factories.accounts import TraineeFactory
from tests.factories.courses import EnrollmentFactory
from tests.factories.live import OpenLiveSessionFactory
from tests.factories.rows import Visit, visit
from tests.project.authorization.table import own

ADDRESSES = {
    "flow:viewer_ticket": own("A class of one's own cohort.", Act.TEACH, Act.INSPECT_CLASSES),
}
SOCKETS = {"ws/live/flow/": "the picture for the room"}


@visit("flow:viewer_ticket")
def own_viewer_ticket(center: Center) -> Visit:
    session = OpenLiveSessionFactory(class_session__cohort__center=center)
    enrollment = EnrollmentFactory(cohort=session.class_session.cohort)
    trainee = TraineeFactory(person=enrollment.person)
    return Visit(user=trainee, kwargs={"public_id": session.class_session.public_id}, method="post")
