"""The role by which the application works in the database: it reads and writes rows, and owns nothing.

Triggers keep what was issued, counted, decided and logged. They bind every role but superusers and the owner of the tables,
so migrations alone run as the owner (`lms.owner`). All functions are idempotent.
"""

import psycopg
from psycopg import sql
from psycopg.errors import (
    DuplicateObject,
    InsufficientPrivilege,
    InternalError_,
    UndefinedObject,
    UniqueViolation,
)

NAME = "mihna_app"
# Roles are of the whole server: two sites that start on one make the same role at once. PostgreSQL then refuses the later of
# them, in place of letting it wait (`tuple concurrently updated`), and no lock reaches from one database into another.
MADE_MEANWHILE = (InternalError_, DuplicateObject, UniqueViolation)
TRIES = 5


class RoleError(Exception):
    """The application's role cannot be made or be given its rights; the message says in one line what to do."""


def ensure_role(owner: psycopg.Connection, *, name: str, password: str) -> None:
    """Make the role, or give it this password, where the owner may.

    Raises RoleError where it is missing and the owner may not make it, or where it is a superuser.
    """
    for left in reversed(range(TRIES)):
        try:
            with owner.transaction():
                _write_role(owner, name=name, password=password)
        except MADE_MEANWHILE:
            if not left:
                raise
        else:
            return


def _write_role(owner: psycopg.Connection, *, name: str, password: str) -> None:
    found = owner.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    if found == (True,):
        raise RoleError(
            f"{name} is a superuser: name another role in DATABASE_URL, one that is not there yet is made."
        )
    verb = "ALTER" if found else "CREATE"
    # As the server keeps it: the password itself is in no statement, and so in none of the server's logs.
    kept = owner.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    try:
        with owner.transaction():
            owner.execute(
                sql.SQL(f"{verb} ROLE {{}} LOGIN PASSWORD {{}}").format(
                    sql.Identifier(name), sql.Literal(kept)
                )
            )
    except InsufficientPrivilege as error:
        if not found:
            raise RoleError(
                f"The role {name} is not there, and the owner of the database makes no roles: "
                "make it (docs/reference/operations.md, Two roles in the database)."
            ) from error


def grant_rows(owner: psycopg.Connection, *, name: str) -> None:
    """Give the role all rows of all tables, now and later, and take from it whatever else it was given there."""
    role, database = sql.Identifier(name), sql.Identifier(owner.info.dbname)
    statements = (
        # Triggers look for tables in the session's temporary ones first: a role that creates such a table could shadow ours.
        "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {role}",
        "GRANT USAGE ON SCHEMA public TO {role}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO {role}",
        # Only the owner writes the history of migrations.
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    )
    try:
        with owner.transaction():
            for statement in statements:
                owner.execute(sql.SQL(statement).format(role=role, database=database))
    except UndefinedObject as error:
        raise RoleError(f"The role {name} is not there: `manage.py prepare` makes it.") from error


# How the role of this connection could bypass triggers, as text; no row for a role that owns nothing.
POWERS = """
SELECT 'is a superuser' FROM pg_roles WHERE rolname = current_user AND rolsuper
UNION ALL
SELECT 'may make databases or roles, copy the server, or pass by row security' FROM pg_roles
WHERE rolname = current_user AND NOT rolsuper AND (rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)
UNION ALL
SELECT format('owns tables (%s and others)', min(relname)) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND relowner = current_user::regrole HAVING count(*) > 0
UNION ALL
SELECT format('owns functions (%s and others)', min(proname)) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole HAVING count(*) > 0
UNION ALL
SELECT format('may become %s', role.rolname) FROM pg_auth_members member JOIN pg_roles role ON role.oid = member.roleid
WHERE member.member = current_user::regrole
UNION ALL
SELECT 'may make tables' WHERE has_schema_privilege('public', 'CREATE') OR has_database_privilege(current_database(), 'CREATE')
UNION ALL
SELECT 'may make temporary tables' WHERE has_database_privilege(current_database(), 'TEMPORARY')
UNION ALL
SELECT format('may empty or alter tables (%s and others)', min(relname)) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND has_table_privilege(oid, 'TRUNCATE, TRIGGER')
HAVING count(*) > 0
"""
