"""Persons in extreme hardship: the three tests, self-care class, amounts. 特困人员救助供养."""

from __future__ import annotations

from aidlib.register.columns import code
from aidlib.rules.helpers import (
    BP,
    HALF_UP,
    MONTHS_PER_YEAR,
    Bp,
    Code,
    Count,
    Fen,
    Flag,
    among,
    at_least,
    first_of,
    given,
    monthly,
    no,
)

SUMS = {"tekun_persons": "tekun", "tekun_fen": "tekun_person_fen"}

SELFCARE, PARTIAL, FULL = 0, 1, 2  # 全自理, 半护理, 全护理

_VISUAL, _PHYSICAL, _INTELLECTUAL, _MENTAL = (
    code("disability_kind", word) for word in ("visual", "physical", "intellectual", "mental")
)
_COMPULSORY, _SENIOR = (code("student_stage", word) for word in ("compulsory", "senior"))
_ABLE = code("tekun_supporter", "able")
_CHILD_AID = (code("child_aid", "orphan"), code("child_aid", "unsupported"))


def tekun_disabled(
    disability_kind: Code,
    disability_grade: Count,
    tekun_grade_any: Count,
    tekun_grade_intellectual: Count,
    tekun_grade_mental: Count,
    tekun_grade_physical: Count,
    tekun_grade_visual: Count,
) -> Flag:
    """一至三级智力、精神残疾，一、二级肢体残疾，一级视力残疾。 Intellectual or mental disability of grades one to three, physical one or two, visual one only.

    Source: 民发〔2021〕43号 第五条第三项.

    Examples
    --------
    >>> [tekun_disabled(kind, grade, 0, 3, 3, 2, 1) for kind, grade in ((1, 1), (1, 2), (4, 2), (4, 3), (6, 3), (2, 1))]
    [True, False, True, False, True, False]
    """
    weakest = first_of(
        (disability_kind == _INTELLECTUAL, tekun_grade_intellectual),
        (disability_kind == _MENTAL, tekun_grade_mental),
        (disability_kind == _PHYSICAL, tekun_grade_physical),
        (disability_kind == _VISUAL, tekun_grade_visual),
        otherwise=tekun_grade_any,
    )
    return (disability_grade > 0) & (disability_grade <= weakest)


def kept_minor(
    is_tekun: Flag,
    age: Count,
    student_stage: Code,
    tekun_minor_keep_age: Count,
    keep_in_compulsory: Flag,
    keep_in_senior: Flag,
) -> Flag:
    """特困人员中的未成年人供养至18周岁；仍在义务教育、高中阶段就读的继续供养。 A minor already on tekun is kept to eighteen, and on while in compulsory or senior secondary school.

    Source: 民发〔2021〕43号 第二十四条; 社会救助法 第十六条.

    Examples
    --------
    >>> [kept_minor(True, age, stage, 18, True, True) for age, stage in ((17, 0), (18, 0), (18, 3), (18, 4))]
    [True, False, True, False]
    """  # noqa: E501
    at_school = ((student_stage == _COMPULSORY) & keep_in_compulsory) | ((student_stage == _SENIOR) & keep_in_senior)
    return is_tekun & ((age < tekun_minor_keep_age) | at_school)


def no_labour_ability(
    age: Count, tekun_elderly_age: Count, tekun_minor_entry_age: Count, tekun_disabled: Flag, kept_minor: Flag
) -> Flag:
    """无劳动能力：60周岁以上、未成年或者规定等级的残疾。 Without labour ability: aged sixty or more, a minor, or disabled to the listed grades.

    Entry of minors: under sixteen; from 2026-07-01 the law says minor (our reading: under eighteen).
    Source: 民发〔2021〕43号 第五条; 社会救助法 第十六条.

    Examples
    --------
    >>> [no_labour_ability(age, 60, 16, False, False) for age in (15, 16, 59, 60)]
    [True, False, False, True]
    """
    return (age >= tekun_elderly_age) | (age < tekun_minor_entry_age) | tekun_disabled | kept_minor


def tekun_income_fen_year(own_income_fen_year: Fen, basic_pension_fen: Fen, tekun_disregard_fen: Fen) -> Fen:
    """本人收入（基础养老金、社会保险、优待抚恤金、高龄津贴不计）。 Own yearly income without the basic pension, social insurance, preferential pensions and old-age allowance.

    This list differs from the one for dibao. Source: 民发〔2021〕43号 第六条第二款.

    Examples
    --------
    >>> tekun_income_fen_year(600_000, 12_300, 10_000)
    332400
    """  # noqa: E501
    return at_least(own_income_fen_year - (basic_pension_fen + tekun_disregard_fen) * MONTHS_PER_YEAR, 0)


def no_income_source(
    tekun_income_fen_year: Fen, dibao_standard_fen_year: Fen, tekun_line_bp: Bp, own_property_ok: Flag
) -> Flag:
    """无生活来源：收入低于低保标准，财产符合特困人员规定。 Without a source of income: income below the dibao standard, and property within the tekun limit.

    Source: 民发〔2021〕43号 第六条.

    Examples
    --------
    >>> [no_income_source(income, 720_000, 10_000, True) for income in (719_999, 720_000)]
    [True, False]
    """
    return own_property_ok & (tekun_income_fen_year * BP < dibao_standard_fen_year * tekun_line_bp)


def no_able_supporter(tekun_supporter: Code) -> Flag:
    """无法定义务人，或者法定义务人无履行义务能力。 No legal supporter, or only supporters unable to support.

    Source: 民发〔2021〕43号 第四条第三项、第八条.

    Examples
    --------
    >>> [no_able_supporter(state) for state in (0, 1, 2)]
    [True, True, False]
    """
    return tekun_supporter < _ABLE


def chose_child_aid(child_aid: Code, minor: Flag, orphan_excluded: Flag) -> Flag:
    """选择孤儿、事实无人抚养儿童保障的未成年人，不再认定为特困人员。 A minor who chose the aid for orphans or unsupported children is not tekun.

    Source: 民发〔2021〕43号 第九条.

    Examples
    --------
    >>> chose_child_aid(1, True, True), chose_child_aid(0, True, True)
    (True, False)
    """
    return minor & orphan_excluded & among(child_aid, _CHILD_AID)


def tekun(no_labour_ability: Flag, no_income_source: Flag, no_able_supporter: Flag, chose_child_aid: Flag) -> Flag:
    """特困人员：无劳动能力、无生活来源、无有能力的法定义务人。 Tekun: no labour ability, no source of income, no able supporter.

    Source: 民发〔2021〕43号 第四条; 社会救助法 第十六条.

    Examples
    --------
    >>> tekun(True, True, True, False), tekun(True, True, False, False)
    (True, False)
    """
    return no_labour_ability & no_income_source & no_able_supporter & no(chose_child_aid)


def care_class(
    missing_selfcare_items: Count,
    selfcare_full_min_missing: Count,
    in_hospital: Flag,
    tekun_hospital_dependent: Flag,
) -> Code:
    """生活自理能力：六项全部达到为全自理，一至三项不能达到为半护理，四项以上为全护理。 Self-care class: none of six items missing, one to three, four or more.

    Here and there a stay in hospital counts as wholly dependent. Source: 民发〔2021〕43号 第二十一、二十二条.

    Examples
    --------
    >>> [care_class(missing, 4, False, False) for missing in (0, 1, 3, 4, 6)]
    [0, 1, 1, 2, 2]
    >>> care_class(0, 4, True, True)
    2
    """
    return first_of(
        ((missing_selfcare_items >= selfcare_full_min_missing) | (in_hospital & tekun_hospital_dependent), FULL),
        (missing_selfcare_items > 0, PARTIAL),
        otherwise=SELFCARE,
    )


def tekun_basic_fen(
    tekun: Flag, in_institution: Flag, tekun_basic_institution_fen_year: Fen, tekun_basic_home_fen_year: Fen
) -> Fen:
    """基本生活标准。 Basic living standard, in an institution or at home, a month.

    Source: 社会救助法 第十六条; local standards.

    Examples
    --------
    >>> tekun_basic_fen(True, False, 1_200_000, 1_014_000)
    84500
    """
    amount = first_of((in_institution, tekun_basic_institution_fen_year), otherwise=tekun_basic_home_fen_year)
    return given(tekun, monthly(amount, 1, HALF_UP))


def tekun_care_fen(
    tekun: Flag,
    in_institution: Flag,
    care_class: Code,
    care_full_institution_fen_year: Fen,
    care_partial_institution_fen_year: Fen,
    care_self_institution_fen_year: Fen,
    care_full_home_fen_year: Fen,
    care_partial_home_fen_year: Fen,
    care_self_home_fen_year: Fen,
) -> Fen:
    """照料护理标准。 Care standard of the person's class, in an institution or at home, a month.

    Source: 民发〔2021〕43号 第二十条; local standards.

    Examples
    --------
    >>> tekun_care_fen(True, True, 2, 764_000, 382_000, 229_200, 0, 0, 0)
    63667
    """
    amount = first_of(
        (in_institution & (care_class == FULL), care_full_institution_fen_year),
        (in_institution & (care_class == PARTIAL), care_partial_institution_fen_year),
        (in_institution, care_self_institution_fen_year),
        (care_class == FULL, care_full_home_fen_year),
        (care_class == PARTIAL, care_partial_home_fen_year),
        otherwise=care_self_home_fen_year,
    )
    return given(tekun, monthly(amount, 1, HALF_UP))


def tekun_person_fen(tekun_basic_fen: Fen, tekun_care_fen: Fen, member_on_dibao: Flag) -> Fen:
    """特困供养金：基本生活标准加照料护理标准；本人仍在低保中的，认定特困后再发。 Tekun support: basic living and care standard together; who is still on dibao gets it once recognised as tekun.

    One kind of basic living aid per person (our reading): one who passes the tests of tekun but is counted in a household on dibao is
    not paid twice. Source: 社会救助法 第十六条.

    Examples
    --------
    >>> tekun_person_fen(84_500, 19_100, False), tekun_person_fen(84_500, 19_100, True)
    (103600, 0)
    """  # noqa: E501
    return given(no(member_on_dibao), tekun_basic_fen + tekun_care_fen)
