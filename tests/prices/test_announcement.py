"""What an announcement prints, and the forms of rule that rows can state: answered to the fen where they determine it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from aidlib import Book, Figures, Reform
from aidlib.errors import ParameterFault
from aidlib.known import Note
from aidlib.law.load import VALUE_COLUMNS
from aidlib.prices.announcement import named_groups
from aidlib.prices.history import price_linkage
from aidlib.prices.linkage import Decision, decide
from aidlib.prices.method import methods
from aidlib.prices.readings import Supposed
from aidlib.tables import OVERLAY_VARIABLE

PLACE, MONTH = "530400", "2024-05"
"""A prefecture without rows of its own and a month without published indices: every row and number here is invented."""
UNITS = {
    "pay": "text", "base": "text", "amount": "text", "factor": "text", "conditions": "text", "index_of": "text", "method": "text", "ratio_of": "text",
    "rounding": "rounding", "covered": "flag", "cpi_trigger": "pct", "band_from": "pct", "band_share": "x_standard", "group_ratio": "x",
    "multiplier": "x", "floor_share": "x_standard",
}  # fmt: skip
Rows = list[tuple[str, ...]]


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lay invented rows (place, name, group, value, first day) over the book."""

    def lay(*rows: tuple[str, ...]) -> None:
        (tmp_path / "law").mkdir()
        with (tmp_path / "law" / "values_invented.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(VALUE_COLUMNS)
            for place, name, group, value, *first in rows:
                unit, day = UNITS.get(name, "yuan/person/month"), first[0] if first else "2022-02-01"
                out.writerow(
                    [
                        place,
                        f"linkage_{name}",
                        group,
                        day,
                        "",
                        value,
                        unit,
                        "",
                        "enacted",
                        "PL16",
                        "invented",
                        "2026-11-30",
                        "invented",
                    ]
                )
        monkeypatch.setenv(OVERLAY_VARIABLE, str(tmp_path))

    return lay


def asked(place: str = PLACE, month: str = MONTH, **printed: object) -> Decision:
    """Decide with what an invented announcement prints; `_` in a key stands for `:`."""
    return decide(Book(), Figures(), place, month, printed=printed)


OWN = (
    (PLACE, "method", "", "invented"),
    (PLACE, "amount", "", "share"),
    (PLACE, "factor", "", "scpi"),
    (PLACE, "rounding", "", "half_up/1"),
)


def test_printed_numbers_give_the_amount_to_the_fen(overlay: Callable[..., None]) -> None:
    """Standard 687 and SCPI 3.8 by an own rule that rounds half up: 26.106 is 26 yuan, computed and observed."""
    overlay(*OWN)
    found = asked(cpi="2.3", food="10.7", scpi="3.8", dibao_urban="687")
    due = found.amount("城市低保")
    assert due is not None
    assert (found.outcome, found.outcome_status, due.fen(), due.candidates) == ("triggered", "observed", 2600, (2600,))
    assert due.standard is not None
    assert (due.standard.how, due.standard.status) == ("given", "observed")


def test_an_unknown_rounding_leaves_candidates() -> None:
    """The national form without a rounding: 750 x 1/12 is not asked here; 500 x 3.7 % = 18.50 is 18.50, 18 or 19."""
    due = asked(cpi="3.7", food="7.0", scpi="3.7", dibao_rural="500").amount("农村低保")
    assert due is not None
    assert (due.fen(), due.candidates, due.ends_fen) == (None, (1800, 1850, 1900), (1800, 1900))
    assert due.status == "estimated"


def test_a_whole_amount_needs_no_rounding() -> None:
    """600 x 3.5 % is 21 yuan by every rounding."""
    due = asked(cpi="3.7", food="7.0", scpi="3.5", dibao_urban=600).amount("dibao_urban")
    assert due is not None
    assert due.fen() == 2100


def test_what_is_not_printed_is_read_or_lacks() -> None:
    """Without the SCPI nothing can be multiplied; the amount says which index it lacks."""
    due = asked(cpi="3.7", food="7.0", dibao_urban="600").amount("dibao_urban")
    assert due is not None
    assert (due.exact_fen, due.lacks) == (None, (Note("no_index", ("scpi",)),))


def test_a_floor_says_at_least(overlay: Callable[..., None]) -> None:
    """With a floor of 20 and no index the amount is at least 20, doubled where a multiplier holds."""
    overlay(*OWN, (PLACE, "floor_yuan", "", "20"), (PLACE, "multiplier", "", "2"))
    due = asked(cpi="3.7", food="7.0", dibao_urban="600").amount("dibao_urban")
    assert due is not None
    assert (due.ends_fen, due.point_fen) == ((4000, None), None)


def test_doubling_and_floor_come_before_rounding(overlay: Callable[..., None]) -> None:
    """600 x 1.3 % = 7.80, below a floor of 8.30, doubled 16.60, half up 17."""
    overlay(*OWN, (PLACE, "floor_yuan", "", "8.3"), (PLACE, "multiplier", "", "2"))
    due = asked(food="7.0", scpi="1.3", dibao_urban="600").amount("dibao_urban")
    assert due is not None
    assert due.fen() == 1700


@pytest.mark.parametrize(("scpi", "yuan"), [("3.9", 15), ("4.0", 20), ("4.9", 20), ("-1", 0)])
def test_full_points_only(overlay: Callable[..., None], scpi: str, yuan: int) -> None:
    """Five yuan for every full point: 3.9 points are three."""
    overlay(
        *OWN[:1], (PLACE, "amount", "", "full_points"), (PLACE, "factor", "", "scpi"), (PLACE, "point_yuan", "", "5")
    )
    due = asked(food="7.0", scpi=scpi).amount("dibao_urban")
    assert due is not None
    assert due.fen() == yuan * 100


def test_a_fixed_ratio_to_the_main_group(overlay: Callable[..., None]) -> None:
    """The unemployed get 1.75 times the urban amount: 600 x 3.5 % x 1.75 = 36.75, half up 37, not 1.75 x 21 rounded before."""
    overlay(
        *OWN,
        (PLACE, "amount", "unemployment_benefit", "ratio"),
        (PLACE, "ratio_of", "unemployment_benefit", "dibao_urban"),
        (PLACE, "group_ratio", "unemployment_benefit", "1.75"),
    )
    due = asked(food="7.0", scpi="3.5", dibao_urban="600").amount("领取失业保险金人员")
    assert due is not None
    assert (due.exact_fen, due.fen()) == (3675, 3700)


def test_bands_by_group_and_of_a_range(overlay: Callable[..., None]) -> None:
    """Rural persons have a band of their own; a band set each time between 21 and 40 is a range and no point."""
    overlay(
        *OWN[:1],
        (PLACE, "amount", "", "bands"),
        (PLACE, "factor", "", "cpi"),
        (PLACE, "band_from", "band1", "3"),
        (PLACE, "band_yuan", "band1", "21..40"),
        (PLACE, "band_yuan", "dibao_rural:band1", "12"),
    )
    found = asked(cpi="3.6")
    urban, rural = found.amount("dibao_urban"), found.amount("dibao_rural")
    assert urban is not None
    assert rural is not None
    assert (urban.ends_fen, urban.point_fen, rural.fen()) == ((2100, 4000), None, 1200)


def test_what_the_source_does_not_say_is_all_computed(overlay: Callable[..., None]) -> None:
    """A base, an index and a rounding each one of two: the answer is their spread, each member with its base and index."""
    overlay(
        *OWN[:2],
        (PLACE, "factor", "", "cpi|scpi"),
        (PLACE, "rounding", "", "ceil/1|half_up/1"),
        (PLACE, "base", "orphan", "dibao_standard:urban|orphan_standard"),
    )
    due = asked(cpi="4.0", scpi="5.0", dibao_urban="601", 孤儿="1200").amount("孤儿")
    assert due is not None
    members = {(option.base, option.index): option.exact for option in due.options}
    assert members == {
        ("dibao_standard:urban", "cpi"): 2404,
        ("dibao_standard:urban", "scpi"): 3005,
        ("orphan_standard", "cpi"): 4800,
        ("orphan_standard", "scpi"): 6000,
    }
    assert (due.candidates, due.ends_fen) == ((2400, 2500, 3000, 3100, 4800, 6000), (2400, 6000))
    assert due.status == "estimated"


def test_an_own_row_of_a_city_settles_what_its_province_leaves_open(overlay: Callable[..., None]) -> None:
    """A statement against the province's rule is in doubt for its cities, but not for the one that says which holds."""
    province = "530000"
    overlay(
        *((province, *row[1:]) for row in OWN),
        (province, "factor", "alternative_cpi", "cpi"),
        ("530300", "factor", "", "scpi"),
    )
    printed = {"cpi": "4.0", "scpi": "5.0", "food": "7.0", "dibao_urban": "600"}
    open_, settled = (asked(place, **printed).amount("dibao_urban") for place in (PLACE, "530300"))
    assert open_ is not None
    assert settled is not None
    assert [option.statement for option in open_.options] == ["in_force", "alternative_cpi"]
    assert (open_.fen(), open_.candidates) == (None, (2400, 3000))
    assert (settled.fen(), len(settled.options)) == (3000, 1)


def test_statements_that_decide_differently_leave_the_month_open(overlay: Callable[..., None]) -> None:
    """A line of 3.5, said elsewhere to be 3.0: at 3.2 nobody can tell, and the gap names both; at 3.6 both start."""
    overlay(*OWN, (PLACE, "cpi_trigger", "", "3.5"), (PLACE, "cpi_trigger", "alternative_later", "3.0"))
    between, above, below = (asked(cpi=cpi, food="1.0") for cpi in ("3.2", "3.6", "2.9"))
    assert [found.outcome for found in (between, above, below)] == ["undetermined", "triggered", "not_triggered"]
    assert Note("statements_disagree", ("in_force=not_triggered", "alternative_later=triggered")) in between.missing


def test_a_younger_rule_of_the_province_stands_beside_an_older_one_of_the_city(overlay: Callable[..., None]) -> None:
    """A city's rule of 2022 and its province's of 2023, both open: which holds is not known."""
    overlay(
        *OWN,
        ("530000", "method", "", "invented", "2023-01-01"),
        ("530000", "amount", "", "fixed", "2023-01-01"),
        ("530000", "fixed_yuan", "", "40", "2023-01-01"),
    )
    assert [method.statement for method in methods(Book(), PLACE, MONTH)] == ["in_force", "later_rule_above"]
    due = asked(food="7.0", scpi="5.0", dibao_urban="600").amount("dibao_urban")
    assert due is not None
    assert due.candidates == (3000, 4000)


def test_the_index_of_the_province_is_the_rule_and_no_stand_in(overlay: Callable[..., None]) -> None:
    """Where the rule takes the province's index, a city of it is decided by the published one, without an error."""
    city = "530300"
    before = decide(Book(), Figures(), city, "2019-11").conditions[0].readings[0]
    overlay((city, "index_of", "", "province", "2018-01-01"))
    after = decide(Book(), Figures(), city, "2019-11").conditions[0].readings[0]
    assert before is not None
    assert after is not None
    assert (before.how, before.error > 0) == ("above", True)
    assert (after.place, after.how, after.error, after.status) == ("530000", "published", 0, "observed")


def test_a_form_nobody_read_is_not_computed(overlay: Callable[..., None]) -> None:
    """A place known to have a formula that was not seen gets no amount from the nation's, but its floor."""
    overlay(*OWN[:1], (PLACE, "amount", "", "unseen"), (PLACE, "floor_yuan", "", "15"))
    due = asked(food="7.0", scpi="5.0", dibao_urban="600").amount("dibao_urban")
    assert due is not None
    assert (due.ends_fen, due.exact_fen, due.lacks) == ((1500, None), None, (Note("no_form"),))


def test_started_with_nobody_covered_is_a_gap_with_a_name(overlay: Callable[..., None]) -> None:
    """A month that starts payment where no row says who is covered (as Hainan's of 2010 once stood) says so, and pays nobody."""
    overlay(*((PLACE, "covered", group, "0") for group in COVERED))
    nobody = asked(cpi="9.0", food="1.0")
    assert (nobody.outcome, nobody.amounts) == ("triggered", ())
    assert Note("nobody_covered", (MONTH,)) in nobody.missing


COVERED = (
    "child_with_hiv", "defacto_unsupported_child", "dibao_rural", "dibao_urban", "orphan", "preferential_person", "tekun_rural",
    "tekun_urban", "unemployment_benefit",
)  # fmt: skip


def test_a_county_is_decided_by_the_method_above_it_and_says_so() -> None:
    """A county of Guilin follows Guilin's rule with its own printed standard and index; the rule names where it is from."""
    found = decide(Book(), Figures(), "450323", "2022-07", printed={"food": "8.5", "scpi": "3.1", "dibao_urban": "700"})
    due = found.amount("dibao_urban")
    assert due is not None
    assert found.method is not None
    assert (found.outcome, found.method.region, found.method.fell_back, due.fen()) == (
        "triggered",
        "450300",
        True,
        2200,
    )


def test_a_quarter_is_paid_at_once_of_months_rounded_by_themselves(overlay: Callable[..., None]) -> None:
    """Computed by the month and paid by the quarter: 19.20 and 20.40 are 19 and 20, together 39, not 39.60 rounded."""
    overlay(*((PLACE, *row[1:], "2018-01-01") for row in OWN), (PLACE, "pay", "", "quarterly", "2018-01-01"))
    rises = {
        "food": {"2018-05": "7", "2018-06": "7"},
        "scpi": {"2018-05": "3.2", "2018-06": "3.4"},
        "cpi": {"2018-05": "1", "2018-06": "1"},
    }
    reform = Reform({"dibao_standard:urban": "600"}, region=PLACE)
    paid = (
        price_linkage(PLACE, "2018-04", "2018-06", reform=reform, cpi=rises)
        .payments()
        .set_index("group")
        .loc["dibao_urban"]
    )
    assert (paid["first"], paid["last"], paid["months"], paid["fen"]) == ("2018-04", "2018-06", 2, 3900)
    assert paid["status"] == "synthetic"


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("dibao_urban", ("dibao_urban",)),
        ("城市低保对象", ("dibao_urban",)),
        ("农村低保/特困", ("dibao_rural", "tekun_urban", "tekun_rural")),
        (
            "优抚/城市低保/城市特困/失业/孤儿",
            ("preferential_person", "dibao_urban", "tekun_urban", "unemployment_benefit", "orphan"),
        ),
        ("领取失业补助金人员", ("unemployment_subsidy",)),
        ("机制内困难群众", ("dibao_urban", "dibao_rural", "tekun_urban", "tekun_rural")),
    ],
)
def test_groups_are_understood_as_they_are_written(name: str, groups: tuple[str, ...]) -> None:
    """Codes, labels and the words of announcements name the same groups."""
    assert named_groups(name) == groups


def test_a_name_that_is_no_group_suggests_one() -> None:
    """A slip is told with the nearest word, not answered with nothing."""
    with pytest.raises(ParameterFault, match="dibao_urban"):
        named_groups("dibao_urbna")
    found = asked(cpi="3.7", food="7.0", scpi="3.5", dibao_urban=600)
    with pytest.raises(ParameterFault, match="农村"):
        found.amount("农村抵保")


def test_every_fault_of_what_is_printed_is_told_at_once() -> None:
    """An index for a rise, a negative standard, a word for a number and a group without a standard: four faults."""
    with pytest.raises(ParameterFault) as told:
        asked(cpi="103.7", dibao_urban="-5", food="up", edge_urban="900")
    assert len(told.value.faults) == 4


def test_a_what_if_stays_synthetic_and_a_printed_number_observed() -> None:
    """The same numbers, supposed or printed: the answer is equal, its status is not."""
    given = Supposed(Figures(), {"food": Fraction(7), "scpi": Fraction(4)}, {"dibao_standard:urban": 60000})
    supposed = decide(Book(), Figures(), PLACE, MONTH, readings=given)
    printed = asked(food=7, scpi=4, dibao_urban=600)
    ends = [found.amount("dibao_urban") for found in (supposed, printed)]
    assert [due.fen() for due in ends if due] == [2400, 2400]
    assert (supposed.outcome_status, printed.outcome_status) == ("synthetic", "observed")
