"""The rulebook once more, in yuan and `Decimal`, one household at a time: written from the rulebook, sharing no code with the rules.

Every rule names its line of the rulebook (DB dibao, ED edge, RG rigid, TK tekun, TA temporary aid, MD medical aid, MO monitoring).
Where the rulebook leaves a reading open, the reading taken is said here as well.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from families import Place

ZERO, FEN, TWELVE = Decimal(0), Decimal("0.01"), Decimal(12)
WAYS = {"ceil": ROUND_CEILING, "half_up": ROUND_HALF_UP, "floor": ROUND_FLOOR}
SCHOOL = {"preschool", "compulsory", "senior", "undergraduate"}
SEVERE_MIND = {"intellectual", "mental"}
TEKUN_GRADES = {"intellectual": 3, "mental": 3, "physical": 2, "visual": 1}
CARE = {0: "self", 1: "partial", 2: "partial", 3: "partial", 4: "full", 5: "full", 6: "full"}
CARE_ORDER = ("full", "partial", "self")
STATUSES = ("none", "tekun", "dibao", "edge", "rigid", "other")
MATRIX = {  # section 6.1, one column per programme: premium, medical, education, housing, employment, disaster, others
    "none": "no no no no no affected no",
    "tekun": "full yes yes at_home no priority local",
    "dibao": "fixed yes yes yes yes priority local",
    "edge": "fixed_if_local seriously_ill yes yes yes priority local",
    "rigid": "if_local seriously_ill yes yes yes priority local",
    "other": "no no other_poor no no affected local",
}
PROGRAMMES = (
    "premium_help",
    "medical_aid",
    "education_aid",
    "housing_aid",
    "employment_aid",
    "disaster_relief",
    "other_aid",
)
WORDS = (
    "no", "yes", "full", "fixed", "fixed_if_local", "if_local", "seriously_ill", "at_home", "other_poor", "priority",
    "affected", "local",
)  # fmt: skip


def rounded(amount: Decimal, rule: tuple[str, Decimal]) -> Decimal:
    """Round an amount the way the place does, to a step in yuan."""
    way, step = rule
    return (amount / step).quantize(Decimal(1), WAYS[way]) * step


def nearest_fen(amount: Decimal) -> Decimal:
    """Round to the fen, halves up."""
    return amount.quantize(FEN, ROUND_HALF_UP)


def income_of_year(home: Any) -> Decimal:
    """DB-10: the year as the register states it, else twelve times the month."""
    return home.income_year if hasattr(home, "income_year") else home.income * 12


def own_year(person: Any) -> Decimal:
    """The same for a person's own income."""
    return person.own_income_year if hasattr(person, "own_income_year") else person.own_income * 12


def excluded(person: Any, law: Place) -> bool:
    """DB-02: clergy apart for three years, prison, drug isolation, missing, and whom the province adds."""
    kind = person.absence
    return kind in law.excluded and (kind != "clergy" or person.absence_months >= 36)


def belongs(person: Any, law: Place) -> bool:
    """DB-01: spouse, minor children, dependent adult children, others with a duty who live together. Tekun persons stand alone."""
    if person.is_tekun or excluded(person, law):
        return False
    if person.relation in ("applicant", "spouse"):
        return True
    child = person.relation == "child"
    if child and (person.age < 18 or not person.independent or person.student_stage in SCHOOL):
        return True
    return bool(person.legal_duty and person.lives_together)


def work_cost(person: Any, law: Place) -> Decimal:
    """DB-12, DB-13: by the local formula, the most generous where there are several; else the cost recognised; at most the wage."""
    if not person.employed:
        return ZERO
    wage_share = law.work_wage_disabled if person.disability_grade else law.work_wage
    formulas = (
        nearest_fen(person.wage * law.work_rate),
        nearest_fen(law.min_wage * wage_share),
        nearest_fen(law.standard_year * law.work_standard / TWELVE),
    )
    cost = max(formulas) or person.work_cost
    return min(cost, person.wage)


def low_alone(person: Any, law: Place) -> bool:
    """DB-05: own income under the standard, own property within the limit."""
    return bool(person.own_property_ok) and own_year(person) < law.standard_year


def severe(person: Any, law: Place) -> bool:
    """DB-04: grades one and two of any kind, and grade three (or four, locally) intellectual and mental."""
    weakest = law.single_grade_mind if person.disability_kind in SEVERE_MIND else 2
    return 0 < person.disability_grade <= weakest


def enters_alone(person: Any, law: Place, member: bool, edge: bool, on_dibao: bool) -> bool:
    """DB-04, DB-05: from an edge household; clergy three years away; an adult severely disabled person without work."""
    if member and edge:
        extra = law.single_extra
        by_age = (
            ("old" in extra and person.age >= 70)
            or ("minor" in extra and person.age <= 16)
            or ("student" in extra and person.student_stage != "none")
        )
        ill = person.serious_illness and law.single_ill
        if severe(person, law) or ill or by_age or person.single_entry_other:
            return True
    if person.absence == "clergy" and person.absence_months >= 36 and not person.is_tekun and low_alone(person, law):
        return True
    jobless = member and not on_dibao and person.age >= 18 and not person.employed
    return jobless and 0 < person.disability_grade <= 2 and low_alone(person, law)


def alone_amount(person: Any, law: Place) -> Decimal:
    """Section 1.2, local amounts: a share of the standard for the severely disabled and seriously ill, else the gap to own income."""
    month = law.standard_year / TWELVE
    favoured = severe(person, law) or person.serious_illness
    if favoured and law.single_share:
        return rounded(month * law.single_share, law.rounding)
    amount = max(month - own_year(person) / TWELVE, ZERO)
    if favoured and law.single_floor:
        amount = max(amount, month * law.single_floor)
    return rounded(amount, law.rounding)


def is_tekun(person: Any, law: Place) -> bool:
    """TK-01 to TK-05: no labour ability, no income, no able supporter, and no child aid chosen."""
    if person.age < 18 and person.child_aid in ("orphan", "unsupported"):
        return False
    if person.tekun_supporter == "able":
        return False
    kept = person.is_tekun and (person.age < 18 or person.student_stage in ("compulsory", "senior"))
    disabled = 0 < person.disability_grade <= TEKUN_GRADES.get(person.disability_kind, 0)
    if not (person.age >= 60 or person.age < law.minor_entry_age or disabled or kept):
        return False
    income = max(own_year(person) - (person.basic_pension + person.tekun_disregard) * 12, ZERO)
    return bool(person.own_property_ok) and income < law.standard_year


def tekun_amount(person: Any, law: Place) -> tuple[Decimal, int]:
    """TK-07 to TK-09, TK-12: basic standard and care standard by class, in an institution or at home."""
    grade = "full" if person.in_hospital and law.hospital_dependent else CARE[person.missing_selfcare_items]
    place = 0 if person.in_institution else 3
    care = law.care[place + CARE_ORDER.index(grade)]
    basic = law.tekun_basic[0 if person.in_institution else 1]
    return basic + care, ("self", "partial", "full").index(grade)


def topup(person: Any, law: Place, members: int) -> Decimal:
    """DB-34: extra help for the old by band of age, minors, severely disabled, seriously ill and others: the largest, or the sum."""
    shares = [law.topups.get("minor", ZERO)] if person.age < 18 else []
    reached = [share for age, share in law.topup_bands if person.age >= age]
    shares += reached[-1:]
    if 0 < person.disability_grade <= 2:
        shares.append(law.topups.get("disabled", ZERO))
    if person.serious_illness:
        shares.append(law.topups.get("ill", ZERO))
    if person.student_stage != "none":
        shares.append(law.topups.get("student", ZERO))
    if person.disability_grade > 0:
        shares.append(law.topups.get("any_disability", ZERO))
    if person.disability_grade == 3:
        shares.append(law.topups.get("grade_3", ZERO))
    if members == 1:
        shares.append(law.topups.get("single", ZERO))
    sums = [nearest_fen(law.standard_year * share / TWELVE) for share in shares] + [person.topup_recognised]
    return sum(sums, ZERO) if law.topup_summed else max(sums)


def price_subsidy(person: Any, law: Place, tekun: bool, dibao: bool, edge: bool) -> Decimal:
    """PL-16 to PL-22: one payment per person, the highest of the groups the person is in."""
    groups = {
        "tekun": tekun,
        "dibao": dibao,
        "edge": edge,
        "orphan": person.child_aid == "orphan",
        "defacto_unsupported_child": person.child_aid == "unsupported",
        "child_with_hiv": person.child_aid == "hiv",
        "preferential_person": person.preferential,
        "unemployment_benefit": person.unemployment_aid == "benefit",
        "unemployment_subsidy": person.unemployment_aid == "subsidy",
    }
    return max((law.prices.get(group, ZERO) for group, inside in groups.items() if inside), default=ZERO)


def medical(home: Any, person: Any, law: Place, status: str) -> Decimal:
    """MD-01: in edge households serious patients only; the share above the deductible, up to the yearly ceiling."""
    which = patient(home, person, status)
    if which is None:
        return ZERO
    deductible, rate = law.medical[which]
    return min(nearest_fen(max(person.medical_own_cost - deductible, ZERO) * rate), law.medical_cap)


def patient(home: Any, person: Any, status: str) -> str | None:
    """MD-01: classes 1 (tekun, orphans), 2 (dibao, returned poor), 3 (edge, monitored), 4 (illness-poor); the best one."""
    if status == "tekun":
        return "tekun"
    if person.child_aid == "orphan":
        return "orphan"
    if status == "dibao":
        return "dibao"
    if person.returned_poor:
        return "returned"
    if status == "edge" and person.serious_illness:
        return "edge"
    if home.anti_poverty_monitored:
        return "monitored"
    return "illness" if person.illness_poor else None


def tilted(home: Any, person: Any, law: Place, status: str) -> Decimal:
    """MD-02: of what is left above the starting point a further share, on application, under the one yearly ceiling."""
    if law.tilt is None or not person.tilt_applied or patient(home, person, status) is None:
        return ZERO
    start, rate = law.tilt
    paid = medical(home, person, law, status)
    more = nearest_fen(max(person.medical_own_cost - paid - start, ZERO) * rate)
    return min(more, max(law.medical_cap - paid, ZERO))


def entitlements(home: Any, person: Any, status: str) -> dict[str, int]:
    """Section 6.1 and SAL arts. 24 to 28: what a status opens, where the person's facts call for it."""
    said = dict(zip(PROGRAMMES, MATRIX[status].split(), strict=True))
    if said["medical_aid"] == "seriously_ill":
        said["medical_aid"] = "yes" if person.serious_illness else "no"
    if said["housing_aid"] == "at_home":
        said["housing_aid"] = "no" if person.in_institution else "yes"
    if person.student_stage not in SCHOOL:
        said["education_aid"] = "no"
    if person.employed or not person.can_work:
        said["employment_aid"] = "no"
    if not home.disaster_hit:
        said["disaster_relief"] = "no"
    return {programme: WORDS.index(word) for programme, word in said.items()}


def new_work(home: Any, law: Place) -> Decimal:
    """DB-52, Zhejiang: new income from work left out while gradual exit runs, at most some times the monthly standard."""
    months = law.exit_months.get(home.exit_ground, law.exit_months["none"])
    if law.exit_disregard is None or not (home.on_dibao and home.raised_by_job) or home.grace_months_used >= months:
        return ZERO
    return min(home.new_work_income, nearest_fen(law.standard_year * law.exit_disregard / TWELVE))


def exits_slowly(home: Any, law: Place, income_year: Decimal, need: Decimal, sound: bool) -> bool:
    """DB-52: a job lifted a dibao household over the line; the months of its ground are not used up."""
    months = law.exit_months.get(home.exit_ground, law.exit_months["none"])
    if not (home.on_dibao and home.raised_by_job and sound and home.grace_months_used < months):
        return False
    if new_work(home, law):
        return False
    pension_limit = law.exit_income if home.exit_ground == "pensioner" else None
    return pension_limit is None or income_year < pension_limit * need


def dibao_property(home: Any, law: Place, members: int) -> bool:
    """DB-20: the county's finding, and the limits a place publishes on financial assets and vehicles."""
    if not home.property_ok or home.vehicles > law.dibao_vehicles:
        return False
    if law.dibao_assets is None:
        return True
    size, small, large, each = law.dibao_assets
    limit = small if members <= size else large
    return bool(home.financial_assets <= limit * (members if each else 1))


def edge_property(home: Any, law: Place, members: int) -> bool:
    """DB-20, ED: the same for edge households, whose limits are others."""
    if not home.property_ok or home.dwellings > law.edge_owned[0] or home.vehicles > law.edge_owned[1]:
        return False
    if law.edge_assets is not None:
        amount, each, reached = law.edge_assets
        limit = amount * (members if each else 1)
        if home.financial_assets > limit or (home.financial_assets == limit and not reached):
            return False
    if law.edge_worth is None:
        return True
    value, capital, profit = law.edge_worth
    return bool(home.vehicle_value < value and home.capital < capital and home.firm_profit_year <= profit)


def tier(home: Any, law: Place, members: int, income_year: Decimal) -> str:
    """DB-33: the class the county named; else, where a place sorts by income per head, the lowest band that holds it."""
    if home.dibao_tier != "none":
        return str(home.dibao_tier)
    return next((t for t, band in law.tier_bands.items() if income_year <= band * 12 * members), "none")


def gap(home: Any, law: Place, members: int, income_year: Decimal, need: Decimal) -> Decimal:
    """DB-31 to DB-33: n S less Y, once for the household, not below a local least; or the tier's amount times the members."""
    of = tier(home, law, members, income_year)
    if amount := (law.untiered if of == "none" else law.tiers.get(of)):
        return amount * members
    least = max(law.standard_year / TWELVE * law.gap_min_share, law.gap_min) * members
    by_tier = law.tier_floors.get(of, ZERO) * members
    return max(rounded((need - income_year) / TWELVE, law.rounding), rounded(least, law.rounding), by_tier)


def is_edge(home: Any, law: Place, members: int, income_year: Decimal, need: Decimal) -> bool:
    """ED-01, ED-02: under the edge line, here and there capped at the minimum wage; or by spending, where a place has that."""
    if not edge_property(home, law, members):
        return False
    line = need * law.edge_multiple
    if income_year < line or (law.edge_line_reached and income_year == line):
        ceiling = law.edge_cap
        if ceiling is None or income_year <= members * law.min_wage * 12 * ceiling:
            return True
    if law.edge_spending is None:
        return False
    multiple, cap = law.edge_spending
    return income_year < members * law.income_year * cap and income_year - home.expend < need * multiple


def is_rigid(home: Any, law: Place, members: int, income_year: Decimal, need: Decimal, local_rules: bool) -> bool:
    """RG-01 before 2025, RG-02 to RG-05 after: under the mean income, property, and spending above the local share."""
    sound = edge_property(home, law, members) if local_rules else home.property_ok
    if not sound or income_year >= members * law.income_year:
        return False
    total = income_of_year(home)
    limit = law.rigid_ratio * total
    heavy = home.expend > limit or (law.rigid_ratio_reached and home.expend == limit and home.expend > 0)
    if not local_rules:
        return heavy
    months = law.rigid_assets_months
    if months is not None and home.financial_assets * 12 > members * law.standard_year * months:
        return False
    left = max(total - home.expend, ZERO)
    door = law.rigid_after_costs is not None and home.expend > 0 and left < law.rigid_after_costs * need
    return heavy or door


def living_aid(home: Any, law: Place, need: Decimal) -> Decimal:
    """RG-06: up to the standard after rigid costs, at most the full standard."""
    left = max(income_of_year(home) - home.expend, ZERO)
    return rounded(max(need - left, ZERO) / TWELVE, law.rounding)


def temporary(home: Any, law: Place, members: int, income_year: Decimal) -> tuple[bool, Decimal, int, bool, bool, int]:
    """TA-01, TA-05, TA-07, TA-10, TA-11: type, amount within the year's ceiling, who approves, quick aid, small sum first."""
    asked, paid = home.aid_requested, home.aid_paid_year
    emergency = home.temporary_hardship == "emergency"
    poor = home.property_ok and income_year < members * law.income_year
    eligible = emergency or (home.temporary_hardship == "expenditure" and poor)
    base = {"year": law.standard_year, "month": law.standard_year / TWELVE, "yuan": Decimal(1)}[law.aid_base]
    heads = members if law.aid_per_person else 1
    township, county, ceiling = (limit * base * heads for limit in law.aid_limits)
    if not emergency and law.aid_ceiling_expenditure is not None:
        ceiling = law.aid_ceiling_expenditure * base * heads
    if law.aid_exceptional is not None and home.hardship_exceptional:
        ceiling = law.aid_exceptional * base * heads
    least = (law.aid_least * base * heads).quantize(FEN, ROUND_CEILING)
    spent = ZERO if law.aid_per_case else paid
    left = max(ceiling.quantize(FEN, ROUND_FLOOR) - spent, ZERO)
    wanted = max(asked, least) if asked > 0 else left
    counted = asked + paid if law.aid_in_total else asked
    tier = 1 if counted <= township else 2 if asked <= county else 3
    tier = tier if eligible and asked > 0 else 0
    amount = min(wanted, left) if eligible else ZERO
    quick = emergency and asked > 0 and asked * 12 <= law.standard_year
    return eligible, amount, tier, eligible and asked > amount, quick, 2 if emergency and tier == 1 else 0


def over(income_year: Decimal, line_year: Decimal, reached: bool = False) -> Decimal:
    """How many whole fen a month an income must fall so that the year is below the line (or on it); below zero, how many it may rise."""
    month = (income_year - line_year) / TWELVE
    return month.quantize(FEN, ROUND_CEILING) if reached else month.quantize(FEN, ROUND_FLOOR) + FEN


def short_of_share(home: Any, law: Place) -> Decimal:
    """How much more spending would pass the share of income."""
    line = income_of_year(home) * law.rigid_ratio
    reached = law.rigid_ratio_reached and line > 0
    least = line.quantize(FEN, ROUND_CEILING) if reached else line.quantize(FEN, ROUND_FLOOR) + FEN
    return max(least - home.expend, ZERO)


def judge(
    home: Any, people: list[Any], law: Place, after_2025: bool = True
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the household's answers and each person's; money in yuan."""
    inside = [belongs(person, law) for person in people]
    members = sum(inside)
    counted = [person for person, yes in zip(people, inside, strict=True) if yes]
    deduction = sum((work_cost(person, law) for person in counted), ZERO)
    pension = sum((p.basic_pension for p in counted), ZERO) if law.pension_disregarded else ZERO
    started = new_work(home, law)
    less = home.disregard + home.hardship_deduction + deduction + pension + started
    income_year, need = max(income_of_year(home) - less * 12, ZERO), members * law.standard_year

    sound = dibao_property(home, law, members)
    eligible = sound and income_year < need
    leaving = not eligible and exits_slowly(home, law, income_year, need, sound)
    on_dibao = eligible or leaving
    edge = not on_dibao and is_edge(home, law, members, income_year, need)
    rigid = not on_dibao and not edge and is_rigid(home, law, members, income_year, need, after_2025)
    benefit = gap(home, law, members, income_year, need) if eligible else home.last_benefit if leaving else ZERO

    answers: dict[str, Any] = {
        "members": members,
        "counted_income_fen": nearest_fen(income_year / TWELVE),
        "category": 1 if on_dibao else 2 if edge else 3 if rigid else 0,
        "dibao_benefit_fen": benefit,
        "topup_fen": sum((topup(p, law, members) for p in counted), ZERO) if on_dibao else ZERO,
        "edge_living_aid_fen": law.edge_living_aid if edge else ZERO,
        "rigid_living_aid_fen": living_aid(home, law, need) if rigid and law.rigid_living_aid else ZERO,
        "over_dibao_line_fen": over(income_year, need),
        "over_edge_line_fen": over(income_year, need * law.edge_multiple, law.edge_line_reached),
        "over_rigid_cap_fen": over(income_year, members * law.income_year),
        "spending_short_fen": short_of_share(home, law),
    }
    names = ("temporary_eligible", "temporary_aid_fen", "temporary_approver", "case_by_case", "quick_aid", "pay_first")
    answers |= dict(zip(names, temporary(home, law, members, income_year), strict=True))
    able = any(person.can_work for person in counted)
    usual = law.review[1] if able and not home.income_stable else law.review[0]
    answers["review_months"] = law.review_by_class.get(tier(home, law, members, income_year), usual)
    each = [_person(home, p, law, yes, on_dibao, edge, rigid) for p, yes in zip(people, inside, strict=True)]
    for total, part in (("single_benefit_fen", "alone"), ("tekun_fen", "tekun_fen"), ("price_subsidy_fen", "price")):
        answers[total] = sum((person[part] for person in each), ZERO)
    answers["single_entrants"] = sum(person["single_entrant"] for person in each)
    refusing = sum(person["refusing"] for person in each)
    answers["refusal_cut_most_fen"] = nearest_fen(benefit * refusing / members) if refusing else ZERO
    answers["tekun_persons"] = sum(person["tekun"] for person in each)
    parts = (
        "dibao_benefit_fen",
        "topup_fen",
        "single_benefit_fen",
        "tekun_fen",
        "edge_living_aid_fen",
        "rigid_living_aid_fen",
    )
    answers["monthly_aid_fen"] = sum((answers[part] for part in parts), ZERO)
    return answers, each


def _person(
    home: Any, person: Any, law: Place, member: bool, on_dibao: bool, edge: bool, rigid: bool
) -> dict[str, Any]:
    tekun = is_tekun(person, law)
    alone = enters_alone(person, law, member, edge, on_dibao)
    dibao = (on_dibao and member) or alone
    dibao_home = on_dibao and member
    others = home.anti_poverty_monitored or home.other_difficulty
    amount, care = tekun_amount(person, law)
    status = "tekun" if tekun else "dibao" if dibao else "edge" if edge and member else ""
    status = status or ("rigid" if rigid and member else "other" if others else "none")
    layers = ("none", "tekun", "dibao", "monitored", "edge", "rigid", "other")
    layer = status if status in ("tekun", "dibao") or not home.anti_poverty_monitored else "monitored"
    return entitlements(home, person, status) | {
        "layer": layers.index(layer),
        "aid_status": STATUSES.index(status),
        "tekun": tekun,
        "single_entrant": alone,
        "alone": alone_amount(person, law) if alone else ZERO,
        "tekun_fen": amount if tekun and not dibao else ZERO,
        "care_class": care,
        "medical_aid_fen_year": medical(home, person, law, status),
        "tilted_aid_fen_year": tilted(home, person, law, status),
        "refusing": dibao_home and person.can_work and 0 < law.refusals <= person.job_refusals,
        "price": price_subsidy(person, law, tekun, dibao, edge and member),
    }
