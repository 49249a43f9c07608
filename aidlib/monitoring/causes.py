"""Every cause of alert as a rule (named facts in, yes or no out), with the facts that say when, how far, how much and how long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from aidlib.monitoring.facts import Facts
from aidlib.monitoring.ledgers import DELIVERIES, FAMILY, REGISTERS, Coverage
from aidlib.monitoring.vocabulary import convention
from aidlib.rules.helpers import Code, Count, Fen, Flag, no
from aidlib.rules.temporary import COORDINATION

if TYPE_CHECKING:
    import pandas as pd

Day = Any
Level = Literal["persons", "households"]
_TYPES = {"event_on": pl.Date, "due_on": pl.Date, "distance_fen": pl.Int64, "amount_fen": pl.Int64, "months": pl.Int64}


def month_not_paid(missed_months: Count) -> Flag:
    """应发月份没有发放记录。 A month that had to be paid has no payment.

    Source: 民发〔2021〕57号 第二十五条; 社会救助法 第十八条第一款.

    Examples
    --------
    >>> month_not_paid(1), month_not_paid(0)
    (True, False)
    """
    return missed_months > 0


def underpaid(short_fen: Fen) -> Flag:
    """当月发放少于按规定计算的金额。 Less was paid this month than the rules say, by a fen or more.

    Source: 民发〔2021〕57号 第二十三条; 社会救助法 第十八条第二款.

    Examples
    --------
    >>> underpaid(1), underpaid(0)
    (True, False)
    """
    return short_fen > 0


def paid_late(late_months: Count) -> Flag:
    """当月之后才发放。 Aid of a month was paid after the month had ended: that it is due by the last day is our reading of 按月支付.

    Source: 民发〔2021〕57号 第二十五条; 社会救助法 第十八条第一款.

    Examples
    --------
    >>> paid_late(1), paid_late(0)
    (True, False)
    """
    return late_months > 0


def price_subsidy_not_paid(subsidy_due_fen: Fen, subsidy_paid_fen: Fen) -> Flag:
    """联动机制启动月份的价格补贴没有发放。 The linkage started in the month and the family got nothing.

    Source: 发改价格〔2021〕1553号; 社会救助法 第三十二条.

    Examples
    --------
    >>> price_subsidy_not_paid(4_200, 0), price_subsidy_not_paid(4_200, 4_200)
    (True, False)
    """
    return (subsidy_due_fen > 0) & (subsidy_paid_fen == 0)


def education_aid_missing(student_known: Flag, entitled_education: Flag, got_education_aid: Flag) -> Flag:
    """在读困难学生未见教育救助。 A poor student of an entitled layer has had no education aid.

    Source: 国办发〔2023〕39号 第四部分第二项; 社会救助法 第二十五条.

    Examples
    --------
    >>> education_aid_missing(True, True, False)
    True
    """
    return student_known & entitled_education & no(got_education_aid)


def medical_aid_missing(patient_known: Flag, entitled_medical: Flag, got_medical_aid: Flag) -> Flag:
    """重病患者未见医疗救助。 A serious patient of an entitled layer has had no medical aid.

    Source: 国办发〔2023〕39号 第四部分第二项; 社会救助法 第二十四条.

    Examples
    --------
    >>> medical_aid_missing(True, True, True)
    False
    """
    return patient_known & entitled_medical & no(got_medical_aid)


def employment_aid_missing(jobless_known: Flag, entitled_employment: Flag, got_employment_aid: Flag) -> Flag:
    """登记失业人员未见就业救助。 A registered unemployed person of an entitled layer has had no employment aid.

    Source: 国办发〔2023〕39号 第四部分第二项; 社会救助法 第二十七条.

    Examples
    --------
    >>> employment_aid_missing(True, True, False)
    True
    """
    return jobless_known & entitled_employment & no(got_employment_aid)


def premium_missing(long_in_scheme: Flag, entitled_premium: Flag, got_premium: Flag) -> Flag:
    """认定满一年未见参保资助。 A person recognised for a year has had no premium help.

    Source: 国办发〔2023〕39号 第四部分第二项; 社会救助法 第二十四条第二款.

    Examples
    --------
    >>> premium_missing(True, True, False)
    True
    """
    return long_in_scheme & entitled_premium & no(got_premium)


def review_overdue(review_due_on: Day, as_of: Day) -> Flag:
    """逾期未定期核查。 The day by which the next review had to be made is past.

    Source: 民发〔2021〕57号 第三十一条第二款; 中办国办2020年意见 第七项.

    Examples
    --------
    >>> from datetime import date
    >>> [review_overdue(day, date(2026, 10, 31)) for day in (date(2026, 10, 30), date(2026, 10, 31))]
    [True, False]
    """
    return review_due_on < as_of


def dibao_after_death(
    in_dibao: Flag, months_dibao: Count, months_single: Count, reviewed_dibao: Day, deaths__died_on: Day
) -> Flag:
    """低保家庭成员死亡后继续发放,且未核查。 Dibao was paid in months after a member's death and the family was not reviewed since.

    The month of death is paid in full. Source: 民发〔2022〕83号 第一条第三项.

    Examples
    --------
    >>> from datetime import date
    >>> died, before, after = date(2026, 5, 3), date(2026, 1, 1), date(2026, 6, 1)
    >>> [dibao_after_death(True, 2, 0, day, died) for day in (before, after)], dibao_after_death(True, 0, 0, before, died)
    ([True, False], False)
    """
    return (in_dibao & (months_dibao > 0) & (reviewed_dibao < deaths__died_on)) | (months_single > 0)


def tekun_after_death(months_tekun: Count) -> Flag:
    """特困人员死亡次月起仍发放。 Tekun aid was paid in a month after death.

    Source: 民发〔2021〕43号 第二十四条第一项.

    Examples
    --------
    >>> tekun_after_death(1), tekun_after_death(0)
    (True, False)
    """
    return months_tekun > 0


def counted_in_prison(
    in_dibao: Flag, counted_member: Flag, reviewed_dibao: Day, prison__imprisoned_on: Day, in_single: Flag
) -> Flag:
    """在监狱内服刑的人员不计入共同生活的家庭成员。 A person in prison is still counted in a dibao family, or draws dibao alone.

    Source: 民发〔2021〕57号 第七条第二款第二项.

    Examples
    --------
    >>> from datetime import date
    >>> counted_in_prison(True, True, date(2026, 1, 1), date(2026, 3, 1), False)
    True
    """
    since = reviewed_dibao < prison__imprisoned_on
    return (in_dibao & counted_member & since) | (in_single & (prison__imprisoned_on == prison__imprisoned_on))


def tekun_in_prison(in_tekun: Flag, prison__imprisoned_on: Day) -> Flag:
    """特困人员在监狱服刑的终止救助供养。 A person in prison is still recognised as tekun.

    Source: 民发〔2021〕43号 第二十四条第三项.

    Examples
    --------
    >>> from datetime import date
    >>> tekun_in_prison(True, date(2026, 3, 1))
    True
    """
    return in_tekun & (prison__imprisoned_on == prison__imprisoned_on)


def two_of_a_person(
    in_tekun: Flag,
    in_orphan: Flag,
    in_defacto_unsupported_child: Flag,
    in_single: Flag,
    tekun_orphan: Flag,
    tekun_defacto_unsupported_child: Flag,
    tekun_dibao: Flag,
) -> Flag:
    """特困与孤儿(事实无人抚养儿童)保障、低保不得同时享受。 A person holds tekun together with child aid or with dibao, where the two exclude each other.

    Source: 民发〔2021〕43号 第九、二十七条.

    Examples
    --------
    >>> two_of_a_person(True, True, False, False, True, True, True), two_of_a_person(True, False, False, False, True, True, True)
    (True, False)
    """
    child = (in_orphan & tekun_orphan) | (in_defacto_unsupported_child & tekun_defacto_unsupported_child)
    return in_tekun & (child | (in_single & tekun_dibao))


def two_of_a_family(in_rigid: Flag, in_dibao: Flag, in_edge: Flag, rigid_dibao: Flag, rigid_edge: Flag) -> Flag:
    """刚性支出困难家庭未纳入低保且未被认定为低保边缘。 A family is recognised for rigid spending together with dibao or edge.

    Source: 《刚性支出困难家庭认定办法》 第四条第一项.

    Examples
    --------
    >>> two_of_a_family(True, False, True, True, True)
    True
    """
    return in_rigid & ((in_dibao & rigid_dibao) | (in_edge & rigid_edge))


def paid_twice(drawing: Flag, elsewhere: Count) -> Flag:
    """同一身份号码在两户享受基本生活救助。 One identity number draws basic living aid in two families.

    Source: 国办发〔2023〕39号 第三部分第一项.

    Examples
    --------
    >>> paid_twice(True, 1), paid_twice(True, 0)
    (True, False)
    """
    return drawing & (elsewhere > 0)


def registration_gone(drawing: Flag, household_registration__gone_on: Day) -> Flag:
    """户籍已迁出或者注销。 The household registration of a recipient was moved away or cancelled.

    Source: 民发〔2021〕57号 第四条; 社会救助法 第三十七条第一款.

    Examples
    --------
    >>> from datetime import date
    >>> registration_gone(True, date(2026, 3, 1))
    True
    """
    return drawing & (household_registration__gone_on == household_registration__gone_on)


def income_over_line(
    in_dibao: Flag,
    in_edge: Flag,
    undeclared_wage_fen: Fen,
    over_dibao_line_fen_at_best: Fen,
    over_edge_line_fen_at_best: Fen,
    in_exit_period_at_best: Flag,
    raised_by_job: Flag,
) -> Flag:
    """比对发现的收入使家庭收入达到或者超过标准,且不在渐退期。 Wages found lift the family to or over its line, even where all that is unknown speaks for it.

    Source: 民发〔2021〕57号 第三十一条; 社会救助法 第四十六条.

    Examples
    --------
    >>> [income_over_line(True, False, 500, over, 0, False, False) for over in (0, 1)]
    [False, True]
    """
    dibao = in_dibao & (over_dibao_line_fen_at_best > 0) & no(in_exit_period_at_best) & no(raised_by_job)
    return (undeclared_wage_fen > 0) & (dibao | (in_edge & (over_edge_line_fen_at_best > 0)))


def grace_over(in_dibao: Flag, raised_by_job: Flag, over_dibao_line_fen_at_best: Fen, grace_over_months: Count) -> Flag:
    """渐退期原则上不超过规定月数。 Gradual exit has run for the months the place allows, and income is still over the line.

    Source: 民发〔2022〕83号 第一条第三项.

    Examples
    --------
    >>> [grace_over(True, True, 1, over) for over in (-1, 0)]
    [False, True]
    """
    return in_dibao & raised_by_job & (over_dibao_line_fen_at_best > 0) & (grace_over_months >= 0)


def vehicle_found(in_dibao: Flag, in_edge: Flag, property_ok: Flag, vehicle_over: Flag) -> Flag:
    """登记有当地规定以外或者需要说明的车辆。 A vehicle is registered for a family whose property was found in order.

    Source: 民发〔2021〕57号 第十四条.

    Examples
    --------
    >>> vehicle_found(True, False, True, True), vehicle_found(True, False, True, False)
    (True, False)
    """
    return (in_dibao | in_edge) & property_ok & vehicle_over


def company_found(in_dibao: Flag, in_edge: Flag, property_ok: Flag, company_over: Flag) -> Flag:
    """登记有市场主体。 A business is registered for a family whose property was found in order.

    Source: 民发〔2021〕57号 第十四、十七条.

    Examples
    --------
    >>> company_found(False, True, True, True)
    True
    """
    return (in_dibao | in_edge) & property_ok & company_over


def dwelling_found(in_dibao: Flag, in_edge: Flag, property_ok: Flag, dwelling_over: Flag) -> Flag:
    """登记的住房超出当地规定或者需要说明。 A further dwelling is registered for a family whose property was found in order.

    Source: 民发〔2021〕57号 第十四条.

    Examples
    --------
    >>> dwelling_found(True, False, True, True)
    True
    """
    return (in_dibao | in_edge) & property_ok & dwelling_over


def public_pay_undeclared(drawing: Flag, in_edge: Flag, counted_member: Flag, pay_undeclared: Flag) -> Flag:
    """财政供养人员的工资没有计入家庭收入。 A member is paid from public funds, and more than the wage stated.

    Being paid from public funds excludes nobody by itself (民发〔2022〕83号 第一条第一项): pay that is in the income raises nothing.
    Source: 民发〔2021〕57号 第十三条第一款第一项、第三十一条.

    Examples
    --------
    >>> public_pay_undeclared(True, False, True, True), public_pay_undeclared(True, False, True, False)
    (True, False)
    """
    return (drawing | (in_edge & counted_member)) & pay_undeclared


def overpaid(over_fen: Fen) -> Flag:
    """当月发放多于按规定计算的金额。 More was paid this month than the rules say, by a fen or more.

    Source: 民发〔2021〕57号 第二十三条; 社会救助法 第十八条第二款.

    Examples
    --------
    >>> overpaid(1), overpaid(0)
    (True, False)
    """
    return over_fen > 0


def wrong_tier(tier_gap_fen: Fen) -> Flag:
    """按另一档次的标准发放。 What was paid is to the fen what another class of dibao is due.

    Source: 民发〔2021〕57号 第二十三条; 社会救助法 第十八条第二款.

    Examples
    --------
    >>> wrong_tier(22_000), wrong_tier(0)
    (True, False)
    """
    return tier_gap_fen > 0


def paid_unrecognised(unrecognised_fen: Fen) -> Flag:
    """没有认定或者停止救助后仍然发放。 Basic living aid of the month went to a family that has no recognition in the month.

    Source: 民发〔2021〕57号 第二十八条.

    Examples
    --------
    >>> paid_unrecognised(1)
    True
    """
    return unrecognised_fen > 0


def recognition_expired(in_rigid: Flag, rigid_due_on: Day, as_of: Day) -> Flag:
    """刚性支出困难家庭认定有效期已满。 The recognition for rigid spending has run out.

    Source: 《刚性支出困难家庭认定办法》 第十条.

    Examples
    --------
    >>> from datetime import date
    >>> [recognition_expired(True, day, date(2026, 10, 31)) for day in (date(2026, 10, 30), date(2026, 10, 31))]
    [True, False]
    """
    return in_rigid & (rigid_due_on < as_of)


def dibao_not_covered(dibao_eligible: Flag, in_dibao: Flag, plain_members: Count) -> Flag:
    """比对后符合低保条件而未纳入。 As seen, the family passes the dibao test for certain and is not covered.

    A family of persons who may all be tekun, or draw dibao alone, is left to that. Source: 民发〔2021〕57号 第六条第二款; 社会救助法 第三十九条第二款.

    Examples
    --------
    >>> dibao_not_covered(True, False, 2), dibao_not_covered(True, True, 2)
    (True, False)
    """
    return dibao_eligible & no(in_dibao) & (plain_members > 0)


def single_entry_missed(single_entrant: Flag, in_single: Flag, in_tekun: Flag, in_dibao: Flag) -> Flag:
    """符合单人户条件而未纳入。 As seen, the person may enter dibao alone and holds nothing.

    Source: 民发〔2021〕57号 第八条; 社会救助法 第二十一条第二款.

    Examples
    --------
    >>> single_entry_missed(True, False, False, False), single_entry_missed(True, True, False, False)
    (True, False)
    """
    return single_entrant & no(in_single) & no(in_tekun) & no(in_dibao)


def tekun_not_covered(tekun: Flag, in_tekun: Flag, in_orphan: Flag, in_defacto_unsupported_child: Flag) -> Flag:
    """比对后符合特困条件而未纳入。 As seen, the person passes the tekun test for certain and is not recognised.

    Source: 民发〔2021〕43号 第十一条.

    Examples
    --------
    >>> tekun_not_covered(True, False, False, False)
    True
    """
    return tekun & no(in_tekun) & no(in_orphan) & no(in_defacto_unsupported_child)


def edge_not_covered(edge_household: Flag, in_edge: Flag, in_dibao: Flag, in_rigid: Flag, members: Count) -> Flag:
    """比对后符合低保边缘条件而未认定。 As seen, the family passes the edge test for certain and is not recognised.

    Source: 国办发〔2023〕39号 第二部分; 社会救助法 第二十一条.

    Examples
    --------
    >>> edge_not_covered(True, False, False, False, 3)
    True
    """
    return edge_household & no(in_edge) & no(in_dibao) & no(in_rigid) & (members > 0)


def rigid_not_covered(rigid_household: Flag, in_rigid: Flag, in_edge: Flag, in_dibao: Flag, members: Count) -> Flag:
    """比对后符合刚性支出困难条件而未认定。 As seen, the family passes the rigid-expenditure test for certain and is not recognised.

    Source: 《刚性支出困难家庭认定办法》 第四条.

    Examples
    --------
    >>> rigid_not_covered(True, False, False, False, 3)
    True
    """
    return rigid_household & no(in_rigid) & no(in_edge) & no(in_dibao) & (members > 0)


def above_county_limit(temporary_approver: Code, over_county_fen: Fen) -> Flag:
    """拟救助额超过县级民政部门审批限额。 The sum proposed is above what the county may approve: the coordination body decides.

    Source: 梧州 2023-04-06 第十六项.

    Examples
    --------
    >>> above_county_limit(3, 1), above_county_limit(2, -1)
    (True, False)
    """
    return (temporary_approver == COORDINATION) & (over_county_fen > 0)


def identity_conflict(conflict: Flag) -> Flag:
    """同一身份号码的部门记录相互矛盾。 Departments have rows of one number that contradict each other.

    Source: 国办发〔2023〕39号 第三部分第二项.

    Examples
    --------
    >>> identity_conflict(True)
    True
    """
    return conflict


@dataclass(frozen=True)
class Test:
    """A cause, what it is tested on, and which facts say when, how far, how much and how long.

    Attributes
    ----------
    cause, level : str
        Cause by name, and whether persons or households are tested.
    holds : callable
        Its arguments name facts.
    event_on, due_on, distance_fen, amount_fen, months : str
        Facts by name; empty where the cause has none.
    rests_on : tuple of (str, str)
        Tables and programmes without which it cannot be judged (`ledgers.Coverage`).
    """

    cause: str
    level: Level
    holds: Callable[..., Any]
    event_on: str = ""
    due_on: str = ""
    distance_fen: str = ""
    amount_fen: str = ""
    months: str = ""
    rests_on: tuple[tuple[str, str], ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """Names of the facts it reads."""
        return self.holds.__code__.co_varnames[: self.holds.__code__.co_argcount]


def _listed(*schemes: str) -> tuple[tuple[str, str], ...]:
    return tuple(("recognitions", scheme) for scheme in schemes)


def _paid(*programmes: str) -> tuple[tuple[str, str], ...]:
    return tuple(("aid", programme) for programme in programmes)


def _compared(*registers: str) -> tuple[tuple[str, str], ...]:
    return tuple((register, "") for register in registers)


_DRAWN = (*_listed("dibao", "tekun"), *_paid("dibao", "tekun"))
TESTS = (
    Test("dibao_after_death", "persons", dibao_after_death, "deaths__died_on", amount_fen="after_death_fen", months="after_death_months",
         rests_on=(*_compared("deaths"), *_listed("dibao"), ("reviews", "dibao"), *_paid("dibao"))),
    Test("tekun_after_death", "persons", tekun_after_death, "deaths__died_on", amount_fen="fen_tekun", months="months_tekun",
         rests_on=(*_compared("deaths"), *_paid("tekun"))),
    Test("counted_in_prison", "persons", counted_in_prison, "prison__imprisoned_on", amount_fen="lost_benefit_fen",
         rests_on=(*_compared("prison"), *_listed("dibao"))),
    Test("tekun_in_prison", "persons", tekun_in_prison, "prison__imprisoned_on", rests_on=(*_compared("prison"), *_listed("tekun"))),
    Test("exclusive_schemes", "persons", two_of_a_person, rests_on=_listed("tekun", "dibao", "orphan", "defacto_unsupported_child")),
    Test("exclusive_schemes", "households", two_of_a_family, rests_on=_listed("rigid", "dibao", "edge")),
    Test("paid_twice", "persons", paid_twice, rests_on=_listed("dibao", "tekun")),
    Test("paid_unrecognised", "households", paid_unrecognised, amount_fen="unrecognised_fen", rests_on=_DRAWN),
    Test("income_over_line", "households", income_over_line, distance_fen="over_line_fen", amount_fen="stated_benefit_fen",
         rests_on=(*_compared("social_insurance"), *_listed("dibao", "edge"))),
    Test("public_pay_undeclared", "persons", public_pay_undeclared, rests_on=(*_compared("public_payroll"), *_listed("dibao", "edge", "tekun"))),
    Test("grace_over", "households", grace_over, distance_fen="over_dibao_line_fen_at_best", amount_fen="stated_benefit_fen", months="grace_months_used",
         rests_on=_listed("dibao")),
    Test("vehicle_found", "households", vehicle_found, amount_fen="stated_benefit_fen", rests_on=(*_compared("vehicles"), *_listed("dibao", "edge"))),
    Test("company_found", "households", company_found, amount_fen="stated_benefit_fen", rests_on=(*_compared("business"), *_listed("dibao", "edge"))),
    Test("dwelling_found", "households", dwelling_found, amount_fen="stated_benefit_fen", rests_on=(*_compared("property"), *_listed("dibao", "edge"))),
    Test("recognition_expired", "households", recognition_expired, "since_rigid", "rigid_due_on", rests_on=_listed("rigid")),
    Test("registration_gone", "persons", registration_gone, "household_registration__gone_on",
         rests_on=(*_compared("household_registration"), *_listed("dibao", "tekun"))),
    Test("month_not_paid", "households", month_not_paid, due_on="missed_due_on", amount_fen="due_fen", months="missed_months", rests_on=_DRAWN),
    Test("paid_late", "households", paid_late, due_on="late_due_on", months="late_months", rests_on=_DRAWN),
    Test("underpaid", "households", underpaid, amount_fen="short_fen", rests_on=_DRAWN),
    Test("overpaid", "households", overpaid, amount_fen="over_fen", rests_on=_DRAWN),
    Test("wrong_tier", "households", wrong_tier, amount_fen="tier_gap_fen", rests_on=(*_listed("dibao"), *_paid("dibao"))),
    Test("price_subsidy_not_paid", "households", price_subsidy_not_paid, due_on="subsidy_due_on", amount_fen="subsidy_due_fen",
         rests_on=_paid("price_subsidy")),
    Test("education_aid_missing", "persons", education_aid_missing, "poor_students__listed_on",
         rests_on=(*_compared("poor_students"), *_paid("education_aid"))),
    Test("medical_aid_missing", "persons", medical_aid_missing, "serious_illness__listed_on",
         rests_on=(*_compared("serious_illness"), *_paid("medical_aid"))),
    Test("premium_missing", "persons", premium_missing, rests_on=_paid("premium")),
    Test("employment_aid_missing", "persons", employment_aid_missing, "registered_unemployed__listed_on",
         rests_on=(*_compared("registered_unemployed"), *_paid("employment_aid"))),
    Test("review_overdue", "households", review_overdue, "reviewed_dibao", "review_due_on", rests_on=(*_listed("dibao"), ("reviews", "dibao"))),
    Test("review_overdue", "persons", review_overdue, "reviewed_alone", "review_due_on", rests_on=(*_listed("tekun"), ("reviews", "tekun"))),
    Test("dibao_not_covered", "households", dibao_not_covered, distance_fen="over_dibao_line_fen", amount_fen="dibao_benefit_fen", rests_on=_listed("dibao")),
    Test("single_entry_missed", "persons", single_entry_missed, amount_fen="member_single_benefit_fen", rests_on=_listed("dibao", "tekun")),
    Test("tekun_not_covered", "persons", tekun_not_covered, amount_fen="tekun_person_fen",
         rests_on=_listed("tekun", "orphan", "defacto_unsupported_child")),
    Test("edge_not_covered", "households", edge_not_covered, distance_fen="over_edge_line_fen", rests_on=_listed("edge", "dibao", "rigid")),
    Test("rigid_not_covered", "households", rigid_not_covered, rests_on=_listed("rigid", "edge", "dibao")),
    Test("above_county_limit", "households", above_county_limit, distance_fen="over_county_fen", amount_fen="aid_requested_fen"),
    Test("identity_conflict", "persons", identity_conflict),
)  # fmt: skip


@dataclass(frozen=True)
class Signals:
    """Causes that hold.

    Attributes
    ----------
    rows : polars.DataFrame
        household_id, person_id (0: the family), cause, event_on, due_on, distance_fen, amount_fen, months.
    not_tested : dict of str to tuple of str
        Causes that could not be tested, and the facts that are missing.
    """

    rows: pl.DataFrame
    not_tested: dict[str, tuple[str, ...]]


def signals(facts: Facts, in_force: frozenset[str]) -> Signals:
    """Test every cause that is in force."""
    tables = {"persons": facts.persons, "households": facts.households}
    rows, lost = [], {}
    for test in TESTS:
        table = tables[test.level]
        if missing := tuple(name for name in test.needs if name not in table.columns):
            lost[test.cause] = missing
        elif test.cause in in_force:
            rows.append(_rows(table, test))
    blank = pl.DataFrame(schema={"household_id": pl.Int64, "person_id": pl.Int64, "cause": pl.String, **_TYPES})
    return Signals(pl.concat([blank, *rows]).sort("household_id", "cause", "person_id"), lost)


def _rows(table: pl.DataFrame, test: Test) -> pl.DataFrame:
    facts = {name: getattr(test, name) for name in _TYPES}
    return table.filter(holds(test)).select(
        "household_id",
        (pl.col("person_id") if test.level == "persons" else pl.lit(FAMILY, pl.Int64)).alias("person_id"),
        pl.lit(test.cause).alias("cause"),
        *(
            (pl.col(fact) if fact in table.columns else pl.lit(None)).cast(_TYPES[name]).alias(name)
            for name, fact in facts.items()
        ),
    )


def holds(test: Test) -> pl.Expr:
    """Whether a cause holds for a row of facts; where a fact it needs is empty it does not."""
    found: pl.Expr = test.holds(*(pl.col(name) for name in test.needs)).fill_null(False)
    return found


def not_judged(speaks: Coverage, in_force: frozenset[str], last: int) -> pd.DataFrame:
    """List what was not handed in, and the causes that were therefore not judged, wholly or for some places and months.

    Examples
    --------
    >>> nothing = Coverage(pl.DataFrame(schema=["table", "reporter", "programme", "first", "last"]), ("450421",))
    >>> not_judged(nothing, frozenset(["month_not_paid"]), 24320)["programme"].to_list()
    ['dibao', 'tekun', 'dibao', 'tekun']
    """
    import pandas as pd

    needed: dict[tuple[str, str], list[str]] = {}
    for test in TESTS:
        for need in test.rests_on if test.cause in in_force else ():
            needed.setdefault(need, []).append(test.cause)
    rows, every = [], len(speaks.reporters)
    for (table, programme), causes in needed.items():
        months, lacking = None, every - len(speaks.speaking_of(table, programme))
        if table == "aid":
            first = last - convention("delivery_months" if programme in DELIVERIES else "ledger_months") + 1
            full = speaks.months([programme], first, last).group_by("month").len().filter(pl.col("len") == every).height
            months, lacking = last - first + 1 - full, every - len(speaks.throughout(programme, first, last))
        if lacking:
            named = (table, programme, None) if programme else (REGISTERS, None, table)
            rows.append((*named, months, lacking, list(dict.fromkeys(causes))))
    columns = ["handed_table", "programme", "register", "months_missing", "reporters_missing", "causes_not_judged"]
    return pd.DataFrame(rows, columns=columns).astype({"months_missing": "object"})
