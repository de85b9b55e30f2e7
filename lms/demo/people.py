"""Five centers in as many governorates, a new one, the staff of each and their trainees."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction
from django.utils import timezone

from accounts.enums import CenterKind, MembershipScope, RoleName, Sex
from accounts.models import Center, Governorate, Person, User
from accounts.roles import gives_roles
from accounts.services.consents import agree_to_privacy_notice
from accounts.services.founding import Founder, found_site
from accounts.services.guardians import record_guardian
from accounts.services.hands import confirm_card
from accounts.services.identity_documents import register_national_id, register_passport
from accounts.services.logins import create_login, normalize_login
from accounts.services.memberships import give_role
from accounts.services.national_number import check_digit
from accounts.services.people import register_person
from accounts.services.role_requests import ask_for_role, give_asked_role
from accounts.services.staff_logins import create_staff_login
from courses.models import Venue
from lms.demo.clock import at, moment
from lms.demo.names import Trainee, roster

PASSWORD = "mihna-demo"  # noqa: S105 - printed for every visitor of the demo
MAIN_CENTER = "CAI-03"
NEW_CENTER = "SHG-M1"

CENTERS: tuple[tuple[str, CenterKind, str, str, str, tuple[str, ...]], ...] = (
    (
        "CAI-03", CenterKind.FIXED, "01", "مركز تدريب شبرا المهني", "Shubra Vocational Training Center",
        ("ورشة الكهرباء", "معمل الشبكات", "قاعة 2"),
    ),
    (
        "GHR-01", CenterKind.FIXED, "16", "مركز تدريب طنطا المهني", "Tanta Vocational Training Center",
        ("ورشة اللحام", "قاعة المحاضرات"),
    ),
    (
        "BNS-M2", CenterKind.MOBILE, "22", "الوحدة المتنقلة 2 ببني سويف", "Beni Suef Mobile Unit 2",
        ("عربة الخياطة", "قاعة مركز شباب سدمنت"),
    ),
    (
        "ALX-02", CenterKind.FIXED, "02", "مركز تدريب محرم بك المهني", "Moharram Bek Vocational Training Center",
        ("ورشة السباكة", "قاعة 1"),
    ),
    (
        "ASN-01", CenterKind.FIXED, "28", "مركز تدريب أسوان المهني", "Aswan Vocational Training Center",
        ("مطبخ التدريب", "قاعة 1"),
    ),
    # New: it has not taught yet, and its home page leads to the first cohort.
    (NEW_CENTER, CenterKind.MOBILE, "26", "الوحدة المتنقلة 1 بسوهاج", "Sohag Mobile Unit 1", ()),
)  # fmt: skip
# By code: phone and address for the public. The unit on wheels says where it is this season.
REACHED = {
    "CAI-03": ("02 2555 0103", "شارع شبرا، أمام محطة مترو روض الفرج"),
    "GHR-01": ("040 355 0101", "شارع الجيش، طنطا"),
    "BNS-M2": ("082 255 0122", "أمام مركز شباب سدمنت الجبل، إهناسيا"),
    "ALX-02": ("03 455 0202", "شارع محرم بك، بجوار مدرسة الصنايع"),
    "ASN-01": ("097 255 0101", "كورنيش النيل، أمام محطة أسوان"),
    NEW_CENTER: ("093 255 0101", "أمام مركز شباب جرجا"),
}

WHOLE = ""
# User name, name, role, center code (WHOLE: the whole ministry). The first of a role is the one `login` names.
STAFF: tuple[tuple[str, str, RoleName, str], ...] = (
    ("ministry", "د. سوسن عبد العزيز راشد", RoleName.MINISTRY_OFFICER, WHOLE),
    # The second founder: what takes two officers takes both of them.
    ("ministry.two", "أ. كريمة عادل منصور", RoleName.MINISTRY_OFFICER, WHOLE),
    ("officer", "أ. نادية محمود حسن", RoleName.CERTIFYING_OFFICER, WHOLE),
    ("officer.tanta", "أ. جورج فؤاد بطرس", RoleName.CERTIFYING_OFFICER, "GHR-01"),
    ("auditor", "أ. هشام لطفي الديب", RoleName.AUDITOR, WHOLE),
    ("inspector", "أ. عماد فوزي الشناوي", RoleName.INSPECTOR, WHOLE),
    ("manager", "م. سامي عبد المنعم فرج", RoleName.CENTER_MANAGER, "CAI-03"),
    ("manager.tanta", "م. عزة إسماعيل البنا", RoleName.CENTER_MANAGER, "GHR-01"),
    ("manager.mobile", "م. ربيع سيد عبد الجواد", RoleName.CENTER_MANAGER, "BNS-M2"),
    ("registrar", "أ. وفاء جابر مرسي", RoleName.REGISTRAR, "CAI-03"),
    ("assessor", "م. ماجد نجيب إسكندر", RoleName.ASSESSOR, "CAI-03"),
    ("instructor", "م. طه حسين أبو زيد", RoleName.INSTRUCTOR, "CAI-03"),
    ("instructor.tanta", "أ. رضا عبد الفتاح عمارة", RoleName.INSTRUCTOR, "GHR-01"),
    ("instructor.mobile", "أ. صباح محمد مهران", RoleName.INSTRUCTOR, "BNS-M2"),
    ("manager.alex", "م. نجلاء فاروق السكري", RoleName.CENTER_MANAGER, "ALX-02"),
    ("instructor.alex", "م. بيشوي عادل ميخائيل", RoleName.INSTRUCTOR, "ALX-02"),
    ("manager.aswan", "أ. حمدي عبد الباسط النوبي", RoleName.CENTER_MANAGER, "ASN-01"),
    ("instructor.aswan", "أ. زينب محمود كنزي", RoleName.INSTRUCTOR, "ASN-01"),
    ("manager.sohag", "م. وائل رفعت الجرجاوي", RoleName.CENTER_MANAGER, NEW_CENTER),
    ("registrar.sohag", "أ. إيمان ناجي عبد المسيح", RoleName.REGISTRAR, NEW_CENTER),
    ("instructor.sohag", "م. أشرف بدوي السوهاجي", RoleName.INSTRUCTOR, NEW_CENTER),
)


@dataclass(frozen=True)
class DemoPeople:
    """The people of the demo. `staff` by user name, `centers` by code, `trainees` in the order of the roster."""

    admin: User
    centers: dict[str, Center]
    venues: dict[str, list[Venue]]
    staff: dict[str, User]
    trainees: list[Person]
    trainee_logins: dict[str, User] = field(default_factory=dict)

    @property
    def center(self) -> Center:
        """The main center, where the journey takes place."""
        return self.centers[MAIN_CENTER]

    @property
    def colleague(self) -> User:
        """The second officer of the ministry, who decides about what the first one did."""
        return self.staff["ministry.two"]

    @property
    def trainee(self) -> User:
        """The first login to try: a certificate of the past, a program half done, a class within the hour."""
        return self.trainee_logins["trainee01"]

    @property
    def newcomer(self) -> User:
        """A trainee with a login and no cohort yet."""
        return self.trainee_logins["trainee37"]

    @property
    def instructor(self) -> User:
        return self.login(RoleName.INSTRUCTOR)

    @property
    def manager(self) -> User:
        return self.login(RoleName.CENTER_MANAGER)

    @property
    def officer(self) -> User:
        return self.login(RoleName.CERTIFYING_OFFICER)

    def login(self, role: RoleName | str) -> User:
        """The login that holds `role` in the main center, or in the whole ministry."""
        if role == RoleName.TRAINEE:
            return self.trainee
        return self.staff[next(username for username, _name, held, _place in STAFF if held == role)]

    def logins(self) -> list[tuple[RoleName, User]]:
        """One login a role, in the order a visitor meets them."""
        return [(role, self.login(role)) for role in RoleName]

    def working_at(self, role: RoleName, code: str) -> User:
        """Who holds `role` in the center of `code`."""
        return self.staff[next(name for name, _shown, held, place in STAFF if held == role and place == code)]

    def trainees_of(self, code: str) -> list[Person]:
        """The trainees of a center in the order of the roster; the first trainee of the demo is the last of hers."""
        of_center = [one for one in self.trainees if one.registered_at_id == self.centers[code].pk]
        return sorted(of_center, key=lambda person: person.pk == self.trainee.person_id)

    def login_of(self, person: Person) -> User | None:
        return next((user for user in self.trainee_logins.values() if user.person_id == person.pk), None)


def _quiet(_line: str) -> None:
    """Say nothing."""


@transaction.atomic
def build_people(report: Callable[[str], None] = _quiet) -> DemoPeople:
    """Find or make the centers, their staff and the trainees."""
    with at(moment(-220, 9)):
        admin = User.objects.filter(username="admin").first() or User.objects.create_superuser(
            "admin", PASSWORD, display_name="مدير النظام"
        )
        centers = {code: _center(code, kind, nid, ar, en) for code, kind, nid, ar, en, _venues in CENTERS}
        venues = {
            code: [Venue.objects.get_or_create(center=centers[code], name=name)[0] for name in names]
            for code, *_facts, names in CENTERS
        }
        founders = _founders(admin)
        staff = {
            username: _member(username, name, role, centers.get(code), founders)
            for username, name, role, code in STAFF
        }
    report(f"{len(centers)} centers, {len(staff)} members of staff")
    registrar = staff["registrar"]
    trainees, logins = [], {}
    people = roster(timezone.localdate())
    # Before the first cohort that any of them is enrolled in.
    with at(moment(-150, 10)):
        for number, entry in enumerate(people, start=1):
            person = _trainee(entry, centers[entry.center], by=registrar)
            trainees.append(person)
            if entry.login:
                logins[entry.login] = _trainee_login(entry.login, person, number, by=registrar)
    _let_in([*staff.values(), *logins.values()])
    _look_around(staff["registrar.sohag"])
    report(f"{len(trainees)} trainees, {len(logins)} of them with a login")
    return DemoPeople(admin, centers, venues, staff, trainees, logins)


def _center(code: str, kind: CenterKind, nid_code: str, name_ar: str, name_en: str) -> Center:
    facts = {
        "kind": kind,
        "governorate": Governorate.objects.get(nid_code=nid_code),
        "name_ar": name_ar,
        "name_en": name_en,
        **({"phone": REACHED[code][0], "address": REACHED[code][1]} if code in REACHED else {}),
    }
    return Center.objects.get_or_create(code=code, defaults=facts)[0]


def _founders(admin: User) -> tuple[User, User]:
    """The two officers with whom the site begins; in a world from before there was one, and the administrator helps."""
    first_there, second_there = (_login(username) for username, *_facts in STAFF[:2])
    if first_there:
        return first_there, second_there or admin
    first, second = (
        Founder(_plain(name), _card(number), f"0100444{number:04}", username)
        for number, (username, name, *_role) in enumerate(STAFF[:2])
    )
    return found_site(first=first, second=second)


def _member(
    username: str, name: str, role: RoleName, center: Center | None, founders: tuple[User, User]
) -> User:
    """One officer makes the login and gives the role, the other one compares the card first."""
    by, colleague = founders
    user = _login(username)
    if user is None:
        number = [known for known, *_facts in STAFF].index(username)
        user = create_staff_login(
            full_name_ar=_plain(name),
            number=_card(number),
            phone=f"0100444{number:04}",
            username=username,
            by=by,
        )
        confirm_card(user_id=user.pk, number=_card(number), phone=user.phone or "", by=colleague)
    if user.display_name != name:
        user.display_name = name
        user.save(update_fields=["display_name"])
    scope = MembershipScope.CENTER if center else MembershipScope.MINISTRY
    if user.memberships.current().filter(role=role, scope=scope, center=center).exists():
        return user
    if gives_roles(role):
        asked = ask_for_role(user_id=user.pk, role=role, scope=scope, center=center, reason="تكليف", by=by)
        give_asked_role(request_id=asked.pk, by=colleague)
    else:
        give_role(user_id=user.pk, role=role, scope=scope, center=center, by=by)
    return user


def _plain(name: str) -> str:
    """Without the title."""
    return name.partition(". ")[2]


def _card(number: int) -> str:
    """The national number of a member of staff: born in 1975, issued to no one."""
    return national_number_of(dt.date(1975, 3, 1) + dt.timedelta(days=number), "01", 7000 + number)


def _login(username: str) -> User | None:
    return User.objects.filter(username=normalize_login(username)).select_related("person").first()


def _trainee(entry: Trainee, center: Center, *, by: User) -> Person:
    # The minor is found by name alone: the birth date depends on the day on which the world is built.
    person = Person.objects.filter(full_name_ar=entry.name_ar, registered_at=center).first()
    if person:
        return person
    residence = Governorate.objects.get(nid_code=entry.residence)
    person = register_person(
        full_name_ar=entry.name_ar,
        full_name_en=entry.name_en,
        birth_date=entry.birth_date,
        sex=entry.sex,
        residence_governorate=residence,
        education=entry.education,
        registered_at=center,
        by=by,
    )
    if entry.serial is not None:
        register_national_id(person_id=person.pk, number=national_number(entry), by=by)
    if entry.passport:
        number, country = entry.passport
        register_passport(person_id=person.pk, number=number, country=country, by=by)
    # Read to them at the counter.
    agree_to_privacy_notice(person_id=person.pk, by=by)
    if entry.guardian:
        guardian = register_person(
            full_name_ar=entry.guardian,
            sex=Sex.MALE,
            residence_governorate=residence,
            registered_at=center,
            by=by,
        )
        record_guardian(person_id=person.pk, guardian=guardian, by=by)
    return person


def national_number(entry: Trainee) -> str:
    """A national number that states the trainee's birth date and sex: fourteen digits that were issued to no one."""
    is_male = entry.sex == Sex.MALE
    serial = entry.serial or 0
    # The thirteenth digit is odd for men.
    serial += (serial % 2 == 0) == is_male
    return national_number_of(entry.birth_date, entry.residence, serial)


def national_number_of(born: dt.date, governorate: str, serial: int) -> str:
    century = "2" if born.year < 2000 else "3"
    body = f"{century}{born:%y%m%d}{governorate}{serial:04}"
    return body + check_digit(body)


def _trainee_login(username: str, person: Person, number: int, *, by: User) -> User:
    return _login(username) or create_login(
        username=username, phone=f"0100555{number:04}", person=person, by=by
    )


def _look_around(user: User) -> None:
    """Who logged in when the new center was opened; its instructor has not yet."""
    if user.last_login is None:
        user.last_login = moment(-3, 9)
        user.save(update_fields=["last_login"])


def _let_in(users: list[User]) -> None:
    """Set the demo password for those of `users` who have none.

    One hash for all of them: hashing forty passwords one by one would be most of the time of building the world.
    """
    waiting = [user for user in users if user.password.startswith(UNUSABLE_PASSWORD_PREFIX)]
    if not waiting:
        return
    hashed = make_password(PASSWORD)
    for user in waiting:
        user.password = hashed
    User.objects.bulk_update(waiting, ["password"])
