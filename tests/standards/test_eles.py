"""ELES: its identities, its warnings on real tables, and our own earlier results as a baseline."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aidlib.errors import DataFault
from aidlib.indices import Figures
from aidlib.standards.eles import Eles, GroupTable, IncomeGroup, estimate, from_figures, years

CASES = Path(__file__).parents[1] / "cases"
CATEGORIES = (
    "food", "clothing", "residence", "household_goods", "medical", "transport_comm", "education_recreation", "misc",
)  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def quintiles(name: str, year: int) -> GroupTable:
    """A published table by quintile, yuan per person and year; the row of all households is left out."""
    kept = [row for row in rows(name) if row["group"] != "total"]
    groups = [
        IncomeGroup(
            row["group"],
            Fraction(row.get("disposable_income") or row["net_income"]),
            Fraction(row["consumption"]),
            {category: Fraction(row[category]) for category in CATEGORIES},
            Fraction(row["household_size"]) if row.get("household_size") else None,
        )
        for row in kept
    ]
    return GroupTable(tuple(groups), year)


def national(year: str) -> GroupTable:
    kept = [
        row
        for row in rows("national_urban_total_consumption_by_income_group.csv")
        if row["year"] == year and row["group"] != "all"
    ]
    groups = [
        IncomeGroup(
            row["group"], Fraction(row["disposable_income"]), Fraction(row["consumption"]),
            persons=Fraction(row["share_pct"]) * Fraction(row["household_size"]), is_subset=row["is_subset"] == "1",
        )
        for row in kept
    ]  # fmt: skip
    return GroupTable(tuple(groups), int(year))


TABLES = {
    "fujian_urban_2013_quintiles.csv": 2013,
    "fujian_rural_2002_quintiles.csv": 2002,
    "sanming_rural_2022_quintiles.csv": 2022,
    "sanming_all_2022_quintiles.csv": 2022,
}


def said(found: Eles) -> set[str]:
    return {note.code for note in found.notes} | {f"{note.code} {fact}" for note in found.notes for fact in note.facts}


@pytest.mark.parametrize("table", TABLES)
def test_our_own_earlier_results_by_category_are_kept(table: str) -> None:
    """Regression baseline, computed here and not published: every coefficient, fit and basic need."""
    found = estimate(quintiles(table, TABLES[table]))
    baseline = {row["cat"]: row for row in rows("eles_computed_here.csv") if row["table"] == table}
    assert [c.name for c in found.categories] == list(baseline)
    total = sum(c.alpha for c in found.categories) / (1 - sum(c.beta for c in found.categories))
    for one in found.categories:
        row = baseline[one.name]
        assert one.alpha == pytest.approx(float(row["alpha"]), abs=1e-5)
        assert one.beta == pytest.approx(float(row["beta"]), abs=1e-6)
        assert one.t_beta == pytest.approx(float(row["t_beta"]), rel=1e-5)
        assert one.r2 == pytest.approx(float(row["r2"]), abs=1e-6)
        assert one.alpha + one.beta * total == pytest.approx(float(row["basic"]), abs=1e-3)
    assert total == pytest.approx(float(next(iter(baseline.values()))["sum_basic"]), abs=1e-3)


@pytest.mark.parametrize(
    ("data", "year", "double"),
    [
        ("national urban 2007 (7 groups)", "2007", False),
        ("national urban 2007 (8 rows, double counting)", "2007", True),
        ("national urban 2011 (7 groups)", "2011", False),
        ("national urban 2011 (8 rows, double counting)", "2011", True),
    ],
)
def test_our_own_earlier_totals_are_kept(data: str, year: str, double: bool) -> None:
    """Regression baseline, computed here and not published: line, delta-method error and the line weighted by persons."""
    found = estimate(national(year), double_count=double)
    row = next(row for row in rows("eles_total_consumption_computed_here.csv") if row["data"] == data)
    assert found.n == int(row["n"])
    assert found.line == pytest.approx(float(row["basic_need"]), abs=1e-3)
    assert found.se == pytest.approx(float(row["se_delta"]), abs=1e-3)
    if row["basic_need_WLS_persons"]:
        assert found.line_weighted == pytest.approx(float(row["basic_need_WLS_persons"]), abs=1e-3)


@pytest.mark.parametrize(("place", "area", "year"), [("371700", "urban", 2010), ("420100", "urban", 2008)])
def test_figures_give_the_same_as_the_copied_tables(place: str, area: str, year: int) -> None:
    """The tables in the published figures give the baseline too; Wuhan's months are twelfths of the year."""
    table = from_figures(Figures(), place, area, year)
    found = estimate(table)
    name = {"371700": "heze urban 2010 (7)", "420100": "wuhan urban 2008 monthly (7)"}[place]
    row = next(row for row in rows("eles_total_consumption_computed_here.csv") if row["data"] == name)
    months = 12 if "monthly" in name else 1
    assert found.line == pytest.approx(float(row["basic_need"]) * months, abs=1e-2)
    assert found.line_weighted == pytest.approx(float(row["basic_need_WLS_persons"]) * months, abs=1e-2)


def test_a_table_without_incomes_is_not_a_table() -> None:
    """The national table of 2004 has spending only: no ELES, and no error either."""
    assert from_figures(Figures(), "000000", "urban", 2004) is None
    assert 2004 not in years(Figures(), "000000", "urban")


@settings(max_examples=25, deadline=None)
@given(
    alpha=st.integers(100, 5000),
    beta=st.fractions(Fraction(1, 10), Fraction(9, 10), max_denominator=20),
    share=st.fractions(Fraction(1, 10), Fraction(9, 10), max_denominator=10),
)
def test_an_exact_system_is_found_exactly(alpha: int, beta: Fraction, share: Fraction) -> None:
    """With spending on the line itself, the basic need is a / (1 - b), and categories add up to it."""
    incomes = [5000, 9000, 15000, 26000, 60000]
    spent = [alpha + beta * income for income in incomes]
    table = GroupTable(
        tuple(
            IncomeGroup(str(i), Fraction(income), total, {"food": share * total, "rest": (1 - share) * total})
            for i, (income, total) in enumerate(zip(incomes, spent, strict=True))
        ),
        2010,
    )
    found = estimate(table)
    assert found.line == pytest.approx(float(alpha / (1 - beta)), rel=1e-6)
    assert sum(c.basic for c in found.categories) == pytest.approx(found.line, rel=1e-6)
    assert sum(c.budget_share for c in found.categories) == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("table", TABLES)
def test_categories_of_a_published_table_add_up_to_the_line(table: str) -> None:
    """V from the categories is V from total consumption, but for the whole yuan in which the table was printed."""
    found = estimate(quintiles(table, TABLES[table]))
    assert sum(c.basic for c in found.categories) == pytest.approx(found.line, abs=2)
    assert sum(c.budget_share for c in found.categories) == pytest.approx(1, abs=1e-3)


def test_the_error_is_that_of_the_delta_method() -> None:
    """The gradient (1/(1-B), A/(1-B)^2) on the covariance of the textbook formula, with n - 2 degrees of freedom."""
    import numpy as np
    from scipy import stats

    table = quintiles("fujian_urban_2013_quintiles.csv", 2013)
    income, spent = (np.array([float(getattr(g, what)) for g in table.usable()]) for what in ("income", "consumption"))
    design = np.column_stack([np.ones(len(income)), income])
    alpha, beta = np.linalg.solve(design.T @ design, design.T @ spent)
    left = spent - design @ [alpha, beta]
    spread = left @ left / (len(income) - 2) * np.linalg.inv(design.T @ design)
    gradient = np.array([1 / (1 - beta), alpha / (1 - beta) ** 2])
    found, error = estimate(table), float(np.sqrt(gradient @ spread @ gradient))
    assert found.se == pytest.approx(error)
    assert (found.low95, found.high95) == pytest.approx(tuple(found.line + stats.t.ppf([0.025, 0.975], 3) * error))
    rest = [np.polyfit(np.delete(income, at), np.delete(spent, at), 1) for at in range(len(income))]
    assert [line for _, line in found.without] == pytest.approx([a / (1 - b) for b, a in rest])


def test_the_order_of_the_rows_does_not_matter() -> None:
    """A table read from the bottom gives the same line."""
    table = national("2007")
    assert estimate(GroupTable(table.groups[::-1], 2007)).line == pytest.approx(estimate(table).line)


def test_subset_rows_are_left_out_and_double_counting_is_told() -> None:
    """The poorest 5% lie inside the lowest 10%: leaving them in moves the line, and the page says so."""
    plain, doubled = estimate(national("2007")), estimate(national("2007"), double_count=True)
    assert plain.line - doubled.line > 200
    assert "subset_left_out poor_5pct" in said(plain)
    assert "subset_counted_twice" in said(doubled)


def test_real_tables_show_their_faults() -> None:
    """Each warning was met in a published table."""
    sanming = estimate(quintiles("sanming_rural_2022_quintiles.csv", 2022))
    fujian = estimate(quintiles("fujian_urban_2013_quintiles.csv", 2013))
    assert {"line_above_poorest_income", "poorest_consumes_more_than_income", "integrated_survey"} <= said(sanming)
    assert "propensity_not_positive education_recreation" in said(sanming)
    assert {"basic_need_negative misc", "high_leverage high", "either_survey"} <= said(fujian)
    assert not {"integrated_survey", "either_survey"} & said(estimate(national("2011")))
    assert dict(fujian.without)["high"] == pytest.approx(7158, abs=3)


def test_a_propensity_of_one_or_too_few_groups_is_an_error() -> None:
    """No basic need follows when spending rises as fast as income, or from four groups."""
    steep = tuple(IncomeGroup(str(i), Fraction(i * 1000), Fraction(i * 1100)) for i in range(1, 6))
    with pytest.raises(DataFault, match="one or more"):
        estimate(GroupTable(steep, 2010))
    with pytest.raises(DataFault, match="too few"):
        estimate(GroupTable(steep[:4], 2010))


def test_the_candidate_carries_range_error_and_warnings() -> None:
    """A month of the line, between the lines with one group left out, with its error and all warnings."""
    found = estimate(national("2007"))
    candidate = found.candidate()
    assert float(candidate.fen_month) == pytest.approx(found.line * 100 / 12, abs=0.01)
    assert candidate.low < candidate.fen_month < candidate.high
    assert candidate.se_fen == pytest.approx(found.se * 100 / 12)
    assert candidate.status == "estimated"
    assert candidate.notes == found.notes


def test_differential_against_plain_least_squares() -> None:
    """statsmodels and the textbook formula agree."""
    import numpy as np

    table = national("2011")
    income = np.array([float(g.income) for g in table.usable()])
    spent = np.array([float(g.consumption) for g in table.usable()])
    beta, alpha = np.polyfit(income, spent, 1)
    assert estimate(table).line == pytest.approx(alpha / (1 - beta))
