"""What no comparison can find, and what only looks like an error: planted beside the errors, so that both are counted."""

from __future__ import annotations

from collections.abc import Iterator

from aidlib.monitoring.ledgers import FAMILY
from aidlib.monitoring.synthetic.people import mistyped
from aidlib.monitoring.synthetic.plot import HARMLESS, NONE, REVIEW, Plot, grown

UNSEEN = ("没有任何登记", "no register has it")
OTHER_NAME = ("登记在他人名下", "registered in another's name")
CASH = ("现金收入，没有缴费记录", "cash income without contributions")
SLIP = ("身份号码有笔误，只能由人工核对", "a slip in the number: only a person can settle it")
OTHER_NUMBER = ("记在另一个有效号码下", "filed under another sound number")
EXEMPT = ("生产必需车辆，可豁免", "a vehicle needed for work, which may be exempt")
SETTLED = ("死亡后已核查", "reviewed after the death")
SAME_MONTH = ("死亡当月发放", "paid in the month of death")
SCOOTER = ("无价值的电动自行车", "an electric bicycle of no value")
WITHIN = ("缴费基数不高于申报工资", "the base is not above the wage stated")


def out_of_reach(plot: Plot) -> None:
    """Plant errors that no comparison of registers can find, or that only a person can settle."""
    few = max(plot.each // 3, 1)
    for home in plot.take("dibao", few):
        plot.note(home, plot.member(home)["person_id"], "dibao_after_death", NONE, why=UNSEEN)
    for home in plot.take("dibao", few):
        plot.note(home, FAMILY, "income_over_line", NONE, why=CASH)
    for home in plot.take("dibao", few):
        plot.note(home, FAMILY, "property_found", NONE, why=OTHER_NAME)
    for home, (number, reach, why) in zip(plot.take("dibao", 2 * few), _wrong_numbers(plot), strict=False):
        person = plot.member(home)
        wrong = (
            mistyped(str(person["id_number"]))
            if number == "slip"
            else plot.base.unrelated["id_number"][home % len(plot.base.unrelated)]
        )
        plot.review(home, plot.ago(150))
        plot.register("deaths", {**person, "id_number": wrong}, died_on=plot.ago(75))
        plot.note(home, person["person_id"], "dibao_after_death", reach, "deaths" if reach == REVIEW else "", why)


def _wrong_numbers(plot: Plot) -> Iterator[tuple[str, str, tuple[str, str]]]:
    while True:
        yield "slip", REVIEW, SLIP
        yield "other", NONE, OTHER_NUMBER


def harmless(plot: Plot) -> None:
    """Plant what looks like an error and is none."""
    few = max(plot.each // 3, 1)
    for home in plot.take("dibao", few):
        plot.review(home, plot.ago(20))
        plot.register("deaths", plot.member(home), died_on=plot.ago(90))
        plot.note(home, FAMILY, "dibao_after_death", HARMLESS, why=SETTLED)
    for home in plot.take("dibao", few):
        plot.register("deaths", plot.member(home), died_on=plot.ago(3))
        plot.note(home, FAMILY, "dibao_after_death", HARMLESS, why=SAME_MONTH)
    for home in plot.take("dibao", few):
        plot.register("vehicles", plot.member(home), value_fen=0)
        plot.note(home, FAMILY, "property_found", HARMLESS, why=SCOOTER)
    for home in plot.take("dibao", few):
        plot.register("vehicles", plot.member(home), value_fen=1_500_000)
        plot.note(home, FAMILY, "property_found", HARMLESS, why=EXEMPT)
    for home in plot.take("dibao", few):
        if person := grown(plot, home):
            plot.forget("social_insurance", person)
            plot.register("social_insurance", person, base_fen=int(str(person["wage_fen"])))
            plot.note(home, FAMILY, "income_over_line", HARMLESS, why=WITHIN)
