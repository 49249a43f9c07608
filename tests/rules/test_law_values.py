"""Law rows become the whole numbers rules read, with the rows they rest on; gaps stay gaps."""

from __future__ import annotations

from datetime import date
from itertools import chain

import pytest
from kin import family, law, person

from aidlib.errors import LawFault, LawGap, RuleFault
from aidlib.indices import Figure, Figures
from aidlib.law import Book
from aidlib.register.columns import COLUMNS
from aidlib.rules import programmes
from aidlib.rules.derived import DERIVED
from aidlib.rules.explain import explain
from aidlib.rules.lawinputs import LAW_INPUTS, STANDARD_OF, LawInput
from aidlib.rules.local import local
from aidlib.rules.monthly_prices import price_amounts
from aidlib.rules.places import places
from aidlib.rules.unknown import Range

TODAY = date(2026, 9, 1)


def read(place: str, day: str, *names: str, **options: object) -> dict[str, object]:
    """Read law values of an urban household."""
    at = Book().at(place, date.fromisoformat(day))
    return dict(local(at, Figures(), "urban", names, **options).values)  # type: ignore[arg-type]


def test_every_law_input_is_a_word_of_the_book() -> None:
    """No argument asks the book for a name it does not have."""
    vocabulary = Book().tables.names
    assert [each.name for each in LAW_INPUTS.values() if each.name not in vocabulary] == []


def test_every_row_the_rules_may_meet_can_be_read() -> None:
    """Each row of each name the rules read becomes a whole number, wherever and whenever it holds."""
    book = Book()
    by_name: dict[str, list[LawInput]] = {}
    for wanted in LAW_INPUTS.values():
        by_name.setdefault(wanted.name, []).append(wanted)
    unread = []
    for entry in book.tables.entries:
        for wanted in by_name.get(entry.row["name"], []):
            value = book._value(entry, entry.row["region"])
            if ".." not in value.text and not isinstance(wanted.read(value), int):
                unread.append(value.place)
    assert unread == []


def test_every_argument_of_a_rule_comes_from_somewhere() -> None:
    """A rule reads a register column, a law value or another rule, on every day the rules know."""
    for day in (date(2022, 1, 1), date(2024, 1, 1), TODAY):
        rules = programmes.rules_on(day)
        arguments = set(chain.from_iterable(rules.arguments(name) for name in (*rules.functions, *rules.sums)))
        known = {*rules.functions, *rules.sums, *COLUMNS, *LAW_INPUTS, *DERIVED}
        assert arguments <= known


def test_every_law_input_and_column_is_read_by_some_rule() -> None:
    """No law value is looked up for nothing; the standard of town or country is read by limits that count with the other's."""
    rules = programmes.rules_on(TODAY)
    arguments = set(chain.from_iterable(rules.arguments(name) for name in (*rules.functions, *rules.sums)))
    assert {*LAW_INPUTS, *DERIVED} - {*STANDARD_OF.values()} <= arguments


def test_rates_become_basis_points_and_yearly_amounts_fen_a_year() -> None:
    """1.5 becomes 15000, a monthly standard twelve months' fen."""
    found = read(
        "310000", "2023-09-01", "edge_multiple_bp", "dibao_standard_fen_year", "dibao_round_step", local_rules="none"
    )
    assert found["edge_multiple_bp"] == 15_000
    assert found["dibao_standard_fen_year"] == 151_000 * 12


def test_a_row_finer_than_basis_points_is_refused() -> None:
    """A rate that basis points cannot hold is a fault that names the row, never a rounded number."""
    value = Book().at("370500", date(2020, 1, 1)).value("tekun_care_share", "care_full")
    with pytest.raises(LawFault, match="whole number"):
        LawInput("tekun_care_share", reads="bp").read(value)


def test_a_standard_that_has_ended_is_a_range_on_request_and_marked_stale() -> None:
    """A standard that has ended does not answer by itself, and never as a point: it is the least of what may hold now."""
    names = ["dibao_standard_fen_year"]
    at = Book().at("450400", TODAY)
    assert isinstance(local(at, Figures(), "urban", names).values[names[0]], Range)
    stale = local(at, Figures(), "urban", names, stale=True)
    known = stale.values[names[0]]
    assert isinstance(known, Range)
    assert (known.low, stale.status(names)) == (816_000, "stale")
    assert known.high > 816_000
    with pytest.raises(LawGap, match="stale=True"):
        explain(family(), "450400", TODAY)


def test_a_local_mean_income_is_the_places_own_or_a_marked_range() -> None:
    """Last year's figure of the place itself; where only its province's is known, a range around it with its status; never the nation's."""
    names = ("disposable_income_fen_year", "rigid_income_fen_year")
    assert read("440300", "2023-11-01", *names) == dict.fromkeys(names, 7_271_800)
    wuzhou = local(Book().at("450400", date(2025, 6, 1)), Figures(), "urban", names)
    for name in names:
        known = wuzhou.values[name]
        assert isinstance(known, Range)
        assert known.low < 3_112_500 < known.high
        assert wuzhou.status([name]) == "estimated"
    assert read("450400", "2031-06-01", *names) == dict.fromkeys(names, Range(0, 10**8, 1))


def test_the_cap_of_rigid_spending_counts_the_income_its_rule_names() -> None:
    """From 2025 Liaoning measures rigid-expenditure households against town people's income, everything else against all residents'."""
    names = ("disposable_income_fen_year", "rigid_income_fen_year")
    before, after = (
        local(Book().at("210000", date(year, 6, 1)), Figures(), "rural", names).found for year in (2024, 2025)
    )
    assert [{row.series for row in before[name] if isinstance(row, Figure)} for name in names] == [
        {"disposable_income_pc:total"}
    ] * 2
    series = [row.series for row in after["rigid_income_fen_year"] if isinstance(row, Figure)]
    assert "disposable_income_pc:urban" in series
    assert {row.series for row in after["disposable_income_fen_year"]} == {"disposable_income_pc:total"}


def test_wage_tiers_of_a_province_are_a_range_and_read_only_where_used() -> None:
    """Which tier of the minimum wage holds in a county is not known: the tiers are its ends, where any rule reads it."""
    name = "min_wage_fen_month"
    assert read("450400", "2026-06-01", name) == {name: 0}
    hangzhou = read("330100", "2024-06-01", name)[name]
    assert isinstance(hangzhou, Range)
    assert hangzhou.low < hangzhou.high


def test_a_local_period_of_gradual_exit_may_be_a_range() -> None:
    """Zhejiang grants six to twelve months: in between it cannot be told."""
    assert read("330100", "2024-06-01", "exit_months_any") == {"exit_months_any": Range(6, 12, 1)}
    assert read("450400", "2024-06-01", "exit_months_any") == {"exit_months_any": 6}


def test_a_tekun_standard_that_is_not_published_is_at_least_the_floor() -> None:
    """Without a published amount the law's multiple of the dibao standard is the least a person gets."""
    name = "tekun_basic_home_fen_year"
    found = read("450400", "2026-09-01", name, given={"dibao_standard_fen_year": 816_000})[name]
    assert isinstance(found, Range)
    assert found.low == 1_060_800


def test_what_was_read_is_remembered_with_its_row() -> None:
    """Each value keeps the rows it rests on, and the book remembers the reads."""
    book = Book()
    found = local(
        book.at("450400", TODAY),
        Figures(),
        "urban",
        ["ta_ceiling_emergency_fen12"],
        given={"dibao_standard_fen_year": 1},
    )
    assert [row.place.split(":")[0] for row in found.found["ta_ceiling_emergency_fen12"]] == ["law/values.csv"] * 2
    assert {row.place for row in found.found["ta_ceiling_emergency_fen12"]} <= book.reads.keys()


def test_unknown_arguments_are_named_with_the_nearest() -> None:
    """A misspelt argument is refused with the nearest name."""
    with pytest.raises(RuleFault, match="edge_multiple_bp"):
        read("450400", "2026-09-01", "edge_multipl_bp")


def test_the_price_subsidy_needs_the_months_amounts() -> None:
    """Without the month's amounts the subsidy is not zero but a fault; with them each person gets one payment."""
    with pytest.raises(RuleFault, match="price subsidy"):
        read("450400", "2026-09-01", "price_dibao_fen")
    orphan = person("grandchild", 9, child_aid="orphan")
    told = explain(family(person(), orphan), "450400", TODAY, given=law(), prices={"dibao": 2_450, "orphan": 4_000})
    assert told["price_subsidy_fen"] == 2_450 + 4_000


def test_an_undetermined_month_gives_a_range() -> None:
    """Where it is not known whether the subsidy started, the amount lies between nothing and something."""
    from aidlib.prices.linkage import decide

    amounts = price_amounts(decide(Book(), Figures(), "450400", "2026-09"), "urban")
    assert all(isinstance(amount, Range) and amount.low == 0 for amount in amounts.values())


def test_places_keep_what_is_the_same_everywhere_as_one_number() -> None:
    """Only what differs between places becomes a column."""
    held = places(
        Book(), Figures(), [("310000", True), ("440100", True)], date(2024, 9, 1), programmes.HOUSEHOLD_ANSWERS
    )
    assert held.shared(-1)["minor_age"] == 18
    assert "dibao_standard_fen_year" in held.table(-1)
    assert "minor_age" not in held.table(-1)
