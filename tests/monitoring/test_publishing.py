"""The published counts under attack: tables taken together, last month's, registers, layers, states, amounts."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.optimize import linprog

from aidlib.disclosure import convention, suppress
from aidlib.disclosure.suppression import TOTAL
from aidlib.indices import Figures
from aidlib.law import Book
from aidlib.monitoring import restricted
from aidlib.monitoring.inputs import Files
from aidlib.monitoring.monthly import Monitored, monitor
from aidlib.monitoring.planted import invent
from aidlib.monitoring.protected import Counts, by_department, protect, protect_causes, protect_known
from aidlib.monitoring.publishing import CAUSE_OF, Published
from tests.monitoring.conftest import MONTH, Made

LIMIT = int(convention("threshold"))


@pytest.fixture(scope="module")
def shown(spoiled: Made) -> Published:
    """What may be shown of the place in which errors are planted, held against an invented last month."""
    return restricted.published(restricted.continued(spoiled.found, "", seed=5), Book(), "")


@pytest.fixture(scope="module")
def thin() -> Published:
    """What may be shown of a county of some five hundred families, with a few alerts of each cause."""
    place = invent("450421", MONTH, families=3_400, seed=9)
    return restricted.published(restricted.continued(monitor(place), "", seed=9), Book(), "")


def counts(table: dict[str, list[int | None]], index: list[Any], name: str | None = None) -> Counts:
    frame = pd.DataFrame({column: pd.array(cells, dtype="Int64") for column, cells in table.items()}, index=index)
    return Counts(frame.rename_axis(name), "observed")


def real_of(result: Monitored, more: dict[str, pl.DataFrame]) -> Monitored:
    """The same month as if it were a real place's."""
    own = {each.name: getattr(result.files, each.name) for each in fields(Files)}
    plain = {name: own[name].drop("status") for name in ("households", "persons")}
    return replace(result, files=Files(**own | plain | {"more": more}))


def reach(target: np.ndarray, known: list[tuple[np.ndarray, int]]) -> tuple[float, float]:
    """What an attacker can say of a sum of cells: smallest and largest value that agree with all that is published."""
    equal = np.array([row for row, _ in known]), np.array([value for _, value in known])
    ends = [linprog(sign * target, A_eq=equal[0], b_eq=equal[1], bounds=(0, None)).fun for sign in (1, -1)]
    return ends[0], -ends[1]


@pytest.mark.parametrize("place", ["shown", "thin"])
def test_no_small_count_of_alerts_follows_from_all_tables_together(place: str, request: pytest.FixtureRequest) -> None:
    """Ages, causes, dispositions and departments taken together leave each small count of a cause and a disposition wide open."""
    shown: Published = request.getfixturevalue(place)
    rules, by_cause = shown.rules, shown._causes[0]
    causes, bands = list(rules), [column for column in shown.by_age.table.columns if column != TOTAL] or [""]
    cells = np.zeros((len(causes), len(bands)))
    at = {cause: number for number, cause in enumerate(causes)}
    known: list[tuple[np.ndarray, int]] = []

    def publish(rows: list[str], column: int | None, value: int | None) -> None:
        if value is not None:
            mask = np.zeros_like(cells)
            for cause in rows:
                mask[at[cause], slice(None) if column is None else column] = 1
            known.append((mask.ravel(), value))

    for kind in (*dict.fromkeys(rule.rule.text for rule in rules.values()), TOTAL):
        rows = [cause for cause, rule in rules.items() if kind in (TOTAL, rule.rule.text)]
        publish(rows, None, shown.by_age.total(kind))
        for number, band in enumerate(bands):
            publish(rows, number, shown.by_age.cell(kind, str(band)))
    for cause in causes:
        publish([cause], None, by_cause.total(cause))
    for name, value in by_department(by_cause, shown.by_age, rules).items():
        publish([c for c, r in rules.items() if r.department and r.department.text == name], None, value)
    sizes = dict(shown.result.alerts.group_by("cause").len().iter_rows())
    kinds = [[c for c, rule in rules.items() if rule.rule.text == kind] for kind in set(shown.dispositions.values())]
    small = [group for group in ([*([c] for c in causes), *kinds]) if 0 < sum(sizes.get(c, 0) for c in group) < LIMIT]
    assert len(small) > 3
    for group in small:
        target = np.zeros_like(cells)
        target[[at[cause] for cause in group]] = 1
        low, high = reach(target.ravel(), known)
        assert high - low >= LIMIT, (group, low, high)


def test_a_thin_county_still_gets_its_total(thin: Published) -> None:
    """Where ages would hide the total of alerts they are left out: the first sentence of the page has its number, and the small disposition stays hidden."""
    assert thin.by_age.total() == thin.result.alerts.height > 50
    assert list(thin.by_age.table.columns) == [TOTAL]
    hidden = [kind for kind in thin.by_age.table.index if thin.by_age.total(kind) is None]
    assert "complex" in hidden
    assert len(hidden) == 2


def test_no_table_shows_a_small_count(shown: Published) -> None:
    """Nought and ten are shown, one to nine never are, in any published table."""
    tables = (
        shown.by_age,
        shown.by_cause,
        shown.departments,
        shown.states,
        shown.deadlines,
        shown.delivery,
        shown.flows,
        shown.reviews,
    )
    files = shown.inspection(5).counts.table[["files"]]  # how many of them are drawn follows from the published rule
    for each in (*(one.table for one in tables), files, shown.compared.table, shown.paid_by_month.table):
        values = pd.to_numeric(each.stack(), errors="coerce").dropna()
        assert not ((values > 0) & (values < LIMIT)).any()
        assert len(values) > 0
    paid = shown.money["payments"].dropna()
    assert not ((paid > 0) & (paid < LIMIT)).any()
    assert {shown.reviews_due, *shown.ceilings(Figures()), *shown.doubtful.values()}.isdisjoint(range(1, LIMIT))


def test_delivery_gives_no_hidden_cause_away(shown: Published) -> None:
    """Where the alerts of a cause are hidden, what was not delivered under it is hidden in every layer."""
    table = shown.delivery
    for programme, cause in CAUSE_OF.items():
        rows = [row for row in table.table.index if row[0] == programme]
        if shown._causes[0].total(cause) is None:
            assert all(table.cell(row, "undelivered") is None for row in rows)
        else:
            assert len([row for row in rows if row[1] == TOTAL]) == 1


def test_last_months_table_is_taken_into_account() -> None:
    """A cause that was shown last month and hardly moved does not hide the small one beside it."""
    kinds = ["paid_twice", "grace_over", "vehicle_found"]
    rows = {"may_not_qualify": pd.DataFrame([[3, 30, 40]], index=["alerts"], columns=kinds)}
    ages = protect(pd.DataFrame({"adult": [73]}, index=["may_not_qualify"]), "observed", totals="rows")
    before = suppress(pd.DataFrame([[12, 30, 90]], index=["alerts"], columns=kinds), totals="rows")
    alone, _ = protect_causes(rows, ages, {})
    after, _ = protect_causes(rows, ages, {"may_not_qualify": before})
    assert alone.total("grace_over") is None
    assert after.total("vehicle_found") is None
    assert after.total("grace_over") == 30


def test_departments_are_worked_out_from_published_numbers(shown: Published) -> None:
    """One department with hidden causes has what the others leave; two have nothing; none is ever guessed."""
    wanted = ["month_not_paid", "review_overdue", "education_aid_missing", "medical_aid_missing"]
    few = {cause: shown.rules[cause] for cause in wanted}
    ages = counts({TOTAL: [60, 60]}, ["not_delivered", TOTAL])

    def totals(*values: int | None) -> Counts:
        return counts({TOTAL: list(values)}, wanted)

    civil, school, clinic = "民政部门", "教育部门", "医疗保障部门"
    assert by_department(totals(10, 20, 14, 16), ages, few) == {civil: 30, school: 14, clinic: 16}
    assert by_department(totals(None, None, 14, 16), ages, few) == {civil: 30, school: 14, clinic: 16}
    assert by_department(totals(None, 20, None, 16), ages, few) == {civil: None, school: None, clinic: 16}


def test_inspections_count_only_files_that_were_looked_at(shown: Published) -> None:
    """Drawn files without a result are not taken for right: with too few results nothing is claimed, with none nothing is said."""
    assert (shown.inspection(5).outcome, shown.inspection(5).inspected) == ("rate", shown.inspection(5).drawn)
    homes = shown.result.month.households["household_id"].head(5)
    cases = pl.DataFrame({"case_id": homes, "wrong": [True] * len(homes)})
    for more, outcome in (({"inspections": cases}, "few"), ({}, "none")):
        real = Published(real_of(shown.result, more), Book())
        assert (real.inspection(5).outcome, real.inspection(5).rate) == (outcome, None)


def test_files_by_layer_are_hidden_where_the_stock_is(shown: Published) -> None:
    """The draw shows no layer whose size the flows hide."""
    open_, hidden = replace(shown), replace(shown)
    for one, edge in ((open_, 50), (hidden, None)):
        vars(one)["flows"] = counts({"now_dibao": [60], "now_edge": [edge]}, [TOTAL], "layer_before")
        rows = one.inspection(5).counts
        assert (rows.cell("edge", "files") is None) is (rows.cell("edge", "drawn") is None) is (edge is None)
        assert rows.cell("dibao", "files") is not None


@pytest.mark.parametrize(
    ("known", "shown_alerts", "hidden"), [(13, 11, True), (30, 11, False), (13, None, False), (24, 20, True)]
)
def test_a_register_does_not_bound_a_hidden_cause(known: int, shown_alerts: int | None, hidden: bool) -> None:
    """Few prisoners known beside the alerts that are shown would say how few the hidden alerts are: the register is hidden too."""
    table = pd.DataFrame({"known": [known], "unmatched": [5000], "invalid": [0]}, index=["prison"])
    causes = ["counted_in_prison", "tekun_in_prison"]
    found = protect_known(table, counts({TOTAL: [shown_alerts, None]}, causes))
    assert (found.cell("prison", "known") is None) is hidden
    assert (found.cell("prison", "unmatched") is None) is hidden
    assert protect_known(table, counts({TOTAL: [11, 0]}, causes)).cell("prison", "known") is not None


def test_what_registers_know_is_rounded(shown: Published) -> None:
    """Persons, rows and payments by month are told to the nearest ten, so that a change of a few from table to table or month to month tells of nobody."""
    for table in (shown.compared.table, shown.paid_by_month.table):
        assert (table.stack().dropna() % LIMIT == 0).all()
    exact = shown.result.accounts[["matched", "unmatched"]]
    assert (exact % LIMIT != 0).any(axis=None)


@pytest.mark.parametrize(("gone", "listed"), [(0, True), (3, False), (12, True)])
def test_states_do_not_tell_how_few_alerts_ended(shown: Published, gone: int, listed: bool) -> None:
    """Last month's total less what is still here is the number of alerts that ended: where that is small, no state is shown."""
    made = replace(shown, result=replace(shown.result, ended=shown.result.alerts.head(gone)), last={})
    vars(made)["by_age"] = counts({TOTAL: [500]}, [TOTAL])
    assert made.states.total("alerts") == shown.result.alerts.height
    assert (made.states.cell("alerts", "state_open") is not None) is listed


def test_no_state_is_listed_without_a_total(shown: Published) -> None:
    """Where the total of alerts is hidden, no other table adds up to it, and the verdict says that it is not published."""
    made = Published(real_of(shown.result, {}), Book())
    vars(made)["by_age"] = counts({"adult": [20]}, ["complex"])
    assert made.states.to_frame().empty
    assert made.verdict == "not_published"


def test_what_was_published_is_read_back_as_it_was(shown: Published, tmp_path: Any) -> None:
    """Counts, hidden cells and why they were hidden come back the same next month."""
    restricted.keep_published(tmp_path, shown.kept)
    again = restricted.last_published(tmp_path)
    assert set(again) == set(shown.kept) >= {"by_age", "flows", "money", "reviews", "delivery basic_living"}
    for name, one in shown.kept.items():
        pd.testing.assert_frame_equal(again[name].table, one.table, check_dtype=False, check_names=False)
        pd.testing.assert_frame_equal(again[name].primary, one.primary, check_dtype=False, check_names=False)
    assert restricted.last_published(tmp_path / "nothing") == {}


def test_changes_between_months_are_counted_and_small_ones_hidden(shown: Published) -> None:
    """Of families and persons, by kind and reason: a change without a reason says so, few are hidden, and the first month has none."""
    assert shown.changes.to_frame().empty
    rows = (
        [(n, 0, "amount", "income") for n in range(12)]
        + [(n, 100 + n, "came", "born") for n in range(3)]
        + [(1, 0, "left", None)] * 11
    )
    listed = pl.DataFrame(rows, schema=["household_id", "person_id", "what", "reason"], orient="row")
    made = Published(real_of(shown.result, {"changes": listed}), Book())
    cells = {key: made.changes.cell(key, "changes") for key in made.changes.table.index}
    assert cells == {
        ("family", "amount", "income"): 12,
        ("family", "left", "not_said"): 11,
        ("person", "came", "born"): None,
    }
