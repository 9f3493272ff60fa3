"""Tables and views are replaced in one transaction, whatever existed before."""

import duckdb
import pytest
from projects import HEADER, report_row

TABLE = "int_days_spined"
VIEW = "int_current_activities"


@pytest.fixture
def built(project):
    project.write_report("2026-06-01", f"{HEADER}\n{report_row('2026-06-01', 'u')}")
    project.run(only=f"{TABLE} {VIEW}")
    return project


def change(project, *statements: str) -> None:
    with duckdb.connect(str(project.database)) as connection:
        for statement in statements:
            connection.execute(statement)


def kinds(project) -> dict[str, str]:
    return dict(
        project.query(
            "select table_name, table_type from information_schema.tables"
            f" where table_name in ('{TABLE}', '{VIEW}')"
        )
    )


def test_view_can_replace_a_table_and_vice_versa(built):
    made = {TABLE: "BASE TABLE", VIEW: "VIEW"}
    assert kinds(built) == made
    before = built.tables([TABLE, VIEW])
    change(
        built,
        f"drop table {TABLE}",
        f"create view {TABLE} as select 1 as other",
        f"drop view {VIEW}",
        f"create table {VIEW} as select 1 as other",
    )
    built.run(only=f"{TABLE} {VIEW}")
    assert kinds(built) == made
    assert built.tables([TABLE, VIEW]) == before


def test_table_that_cannot_be_created_stays_unchanged(built):
    before = built.tables([TABLE])
    change(built, "alter table int_as_of_date rename column as_of_date to other")
    assert not built.dbt("run", "--select", TABLE).success
    assert built.tables([TABLE]) == before
