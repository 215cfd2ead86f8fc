"""The server that the tests start."""

from __future__ import annotations

from tests.helpers.postgres import Postgres


def test_it_answers_in_a_database_of_its_own(postgres: Postgres) -> None:
    with postgres.database("mine") as connection:
        connection.execute("create table t (a int)")
        connection.execute("insert into t values (1), (2)")
        assert connection.execute("select sum(a) from t").fetchall() == [(3,)]
    with postgres.connect() as connection:
        names = connection.execute("select datname from pg_database").fetchall()
    assert ("mine",) not in names
