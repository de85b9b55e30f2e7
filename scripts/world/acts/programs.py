"""Pages of programs: written, reviewed, published, taken offline."""

from wagtail.models import TaskState

from accounts.enums import Act
from accounts.models import Center, User
from courses.enums import FactsSource, Sector
from courses.models import Cohort, CohortFacts, ProgramPage, SkillLevel
from courses.services.facts import ask_for_correction, decide_correction
from courses.services.reviews import publish_reviewed, return_for_changes, submit_for_review, take_offline
from scripts.world.acts.seats import WHY
from scripts.world.history import World
from scripts.world.people import Goal
from scripts.world.registry import Refused, act


@act(weight=2.5, serves=Goal.PAPER)
def write_a_program(world: World) -> None:
    """A draft with other facts: hours, level, title."""
    program = ProgramPage.objects.get(pk=world.pick(world.stage.programs).pk)
    user = world.staff(Act.EDIT_CONTENT, on=_owner(world, program))
    # As the editor's page asks.
    lock = program.get_lock()
    if not program.permissions_for_user(user).can_edit() or (lock is not None and lock.for_user(user)):
        raise Refused
    draft = program.get_latest_revision_as_object()
    draft.title = f"برنامج {world.chance.randrange(10**6)}"
    draft.hours = world.chance.choice((40, 120, 160, 900))
    draft.level = world.pick(list(SkillLevel.objects.order_by("order")))
    draft.sector = world.pick(list(Sector.values))
    draft.save_revision(user=user)


@act()
def ask_to_correct_facts(world: World) -> None:
    """What papers of a cohort print was written wrong; another officer decides (`decide_about_facts`)."""
    printed = Cohort.objects.filter(enrollments__credentials__isnull=False)
    cohort: Cohort = world.busy(Cohort.objects.all(), printed.distinct())
    facts = {"hours": world.chance.choice((40, 80, 120, 160, 900))}
    row = ask_for_correction(cohort_id=cohort.pk, facts=facts, reason=WHY, by=world.staff(Act.SET_RULES))
    world.did("facts", row.pk, "asks")
    world.asked_facts[row.pk] = facts


@act(weight=2.5)
def decide_about_facts(world: World) -> None:
    row: CohortFacts = world.row(CohortFacts.objects.filter(source=FactsSource.CORRECTED))
    is_accepted = world.happens(0.8)
    decide_correction(facts_id=row.pk, is_accepted=is_accepted, by=world.staff(Act.SET_RULES))
    if is_accepted:
        world.did("facts", row.pk, "accepts")
        world.said[row.cohort_id] = {**world.said.get(row.cohort_id, {}), **world.asked_facts.get(row.pk, {})}


def _owner(world: World, program: ProgramPage) -> Center:
    return world.stage.centers[world.stage.programs.index(program)]


@act(weight=3, serves=Goal.PAPER)
def submit_a_program(world: World) -> None:
    """Mostly one whose draft is another than its page."""
    programs = ProgramPage.objects.filter(pk__in=[one.pk for one in world.stage.programs])
    program: ProgramPage = world.apt(programs, programs.filter(has_unpublished_changes=True))
    user = world.staff(Act.EDIT_CONTENT, on=_owner(world, program))
    submit_for_review(page_id=program.pk, by=user)


@act(weight=5, serves=Goal.PAPER)
def publish_a_program(world: World) -> None:
    review: TaskState = world.row(TaskState.objects.filter(status=TaskState.STATUS_IN_PROGRESS))
    user = _reviewer(world, review)
    publish_reviewed(review_id=review.pk, by=user)


def _reviewer(world: World, review: TaskState) -> User:
    program = ProgramPage.objects.filter(pk=review.revision.object_id).first()
    return world.staff(Act.PUBLISH_CONTENT, on=_owner(world, program) if program else None)


@act(weight=1.5)
def return_a_program(world: World) -> None:
    reviews = TaskState.objects.all()
    review: TaskState = world.apt(reviews, reviews.filter(status=TaskState.STATUS_IN_PROGRESS))
    user = _reviewer(world, review)
    return_for_changes(review_id=review.pk, comment=WHY, by=user)


@act(weight=0.8)
def take_a_program_offline(world: World) -> None:
    program = world.pick(world.stage.programs)
    user = world.staff(Act.PUBLISH_CONTENT, on=_owner(world, program))
    take_offline(page_id=program.pk, reason=WHY, by=user)
