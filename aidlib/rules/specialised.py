"""Specialised aid: who is entitled to what, and amounts where the law book has them. 专项社会救助."""

from __future__ import annotations

from aidlib.register.columns import code
from aidlib.rules.helpers import Code, Fen, Flag, first_of, given, no

STATUSES = ("none", "tekun", "dibao", "edge", "rigid", "other")
TEKUN, DIBAO, EDGE, RIGID, OTHER = range(1, 6)

# What a place or the nation says of a programme for a status, as the law book words it.
ENTITLEMENTS = (
    "no", "yes", "full", "fixed", "fixed_if_local", "if_local", "seriously_ill", "at_home", "other_poor", "priority",
    "affected", "local",
)  # fmt: skip
NO, YES = ENTITLEMENTS.index("no"), ENTITLEMENTS.index("yes")
_SERIOUSLY_ILL, _AT_HOME = ENTITLEMENTS.index("seriously_ill"), ENTITLEMENTS.index("at_home")
_CHILD_STAGES = code("student_stage", "preschool"), code("student_stage", "undergraduate")
_SENIOR = code("student_stage", "senior")


def aid_status(
    tekun: Flag,
    member_on_dibao: Flag,
    edge_household: Flag,
    rigid_household: Flag,
    counted_member: Flag,
    anti_poverty_monitored: Flag,
    other_difficulty: Flag,
) -> Code:
    """专项救助所依据的身份，有多种的取较优的一种。 The status specialised aid goes by; of several the best one, never added up.

    Source: 国办发〔2023〕39号 第四部分; 社会救助法 第四十二条第二款.

    Examples
    --------
    >>> aid_status(False, True, False, False, True, False, False), aid_status(False, False, True, False, True, True, False)
    (2, 3)
    """
    return first_of(
        (tekun, TEKUN),
        (member_on_dibao, DIBAO),
        (edge_household & counted_member, EDGE),
        (rigid_household & counted_member, RIGID),
        (anti_poverty_monitored | other_difficulty, OTHER),
        otherwise=NO,
    )


def _of_status(aid_status: Code, tekun: Code, dibao: Code, edge: Code, rigid: Code, other: Code) -> Code:
    by_status = zip(range(1, 6), (tekun, dibao, edge, rigid, other), strict=True)
    return first_of(*((aid_status == which, value) for which, value in by_status), otherwise=NO)


def premium_help(
    aid_status: Code,
    premium_tekun: Code,
    premium_dibao: Code,
    premium_edge: Code,
    premium_rigid: Code,
    premium_other: Code,
) -> Code:
    """资助参加城乡居民基本医疗保险。 Help with the premium of resident medical insurance.

    Source: 国办发〔2023〕39号 第四部分; 社会救助法 第二十四条第二款.

    Examples
    --------
    >>> ENTITLEMENTS[premium_help(1, 2, 3, 4, 5, 0)]
    'full'
    """
    return _of_status(aid_status, premium_tekun, premium_dibao, premium_edge, premium_rigid, premium_other)


def medical_aid(
    aid_status: Code,
    serious_illness: Flag,
    medical_tekun: Code,
    medical_dibao: Code,
    medical_edge: Code,
    medical_rigid: Code,
    medical_other: Code,
) -> Code:
    """医疗救助：边缘和刚性支出家庭限重病患者。 Medical aid; in edge and rigid-expenditure households for serious patients.

    Source: 国办发〔2023〕39号 第四部分; 社会救助法 第二十四条.

    Examples
    --------
    >>> [ENTITLEMENTS[medical_aid(3, ill, 1, 1, 6, 6, 0)] for ill in (True, False)]
    ['yes', 'no']
    """
    says = _of_status(aid_status, medical_tekun, medical_dibao, medical_edge, medical_rigid, medical_other)
    return first_of(((says == _SERIOUSLY_ILL) & serious_illness, YES), (says == _SERIOUSLY_ILL, NO), otherwise=says)


def education_aid(
    aid_status: Code,
    student_stage: Code,
    education_tekun: Code,
    education_dibao: Code,
    education_edge: Code,
    education_rigid: Code,
    education_other: Code,
) -> Code:
    """教育救助：学前至普通高等教育阶段。 Education aid, from kindergarten to university.

    Source: 国办发〔2023〕39号 第四部分; 社会救助法 第二十五条.

    Examples
    --------
    >>> [education_aid(2, stage, 1, 1, 1, 1, 8) for stage in (0, 2, 4)]
    [0, 1, 1]
    """
    first, last = _CHILD_STAGES
    says = _of_status(aid_status, education_tekun, education_dibao, education_edge, education_rigid, education_other)
    return given((student_stage >= first) & (student_stage <= last), says)


def education_grant_fen_year(
    education_aid: Code, student_stage: Code, grant_senior_fen_year: Fen, grant_undergraduate_fen_year: Fen
) -> Fen:
    """国家助学金（高中阶段和本专科，按学校划定的档次）。 National grant of a senior secondary pupil or undergraduate, by the school's tiers.

    Earlier stages have fees waived and living subsidies the law book has no amounts for. Source: 财政部、教育部、人力资源社会保障部 2024年10月通知.

    Examples
    --------
    >>> [education_grant_fen_year(1, stage, 230_000, 370_000) for stage in (2, 3, 4)], education_grant_fen_year(0, 4, 1, 1)
    ([0, 230000, 370000], 0)
    """
    grant = first_of((student_stage == _SENIOR, grant_senior_fen_year), otherwise=grant_undergraduate_fen_year)
    return given((education_aid > NO) & (student_stage >= _SENIOR), grant)


def housing_aid(
    aid_status: Code,
    in_institution: Flag,
    housing_tekun: Code,
    housing_dibao: Code,
    housing_edge: Code,
    housing_rigid: Code,
    housing_other: Code,
) -> Code:
    """住房救助：住房困难的，特困人员限分散供养。 Housing aid for those badly housed; of tekun persons, those at home.

    Source: 国办发〔2023〕39号 第四部分; 社会救助法 第二十六条.

    Examples
    --------
    >>> [ENTITLEMENTS[housing_aid(1, inside, 7, 1, 1, 1, 0)] for inside in (True, False)]
    ['no', 'yes']
    """
    says = _of_status(aid_status, housing_tekun, housing_dibao, housing_edge, housing_rigid, housing_other)
    return first_of(((says == _AT_HOME) & in_institution, NO), (says == _AT_HOME, YES), otherwise=says)


def employment_aid(
    aid_status: Code,
    can_work: Flag,
    employed: Flag,
    employment_tekun: Code,
    employment_dibao: Code,
    employment_edge: Code,
    employment_rigid: Code,
    employment_other: Code,
) -> Code:
    """就业救助：有劳动能力且处于失业状态的成员。 Employment aid for members able to work and out of work.

    Source: 国办发〔2023〕39号 第四部分; 社会救助法 第二十七条.

    Examples
    --------
    >>> employment_aid(2, True, False, 0, 1, 1, 1, 0), employment_aid(2, True, True, 0, 1, 1, 1, 0)
    (1, 0)
    """
    says = _of_status(
        aid_status, employment_tekun, employment_dibao, employment_edge, employment_rigid, employment_other
    )
    return given(can_work & no(employed), says)


def disaster_relief(
    aid_status: Code,
    disaster_hit: Flag,
    disaster_tekun: Code,
    disaster_dibao: Code,
    disaster_edge: Code,
    disaster_rigid: Code,
    disaster_other: Code,
) -> Code:
    """受灾人员救助：受灾的都救助，低收入人口优先。 Disaster relief for all who are hit; the low-income first.

    Source: 国办发〔2023〕39号 第四部分; 社会救助法 第二十八条.

    Examples
    --------
    >>> disaster_relief(2, True, 9, 9, 9, 9, 10), disaster_relief(0, True, 9, 9, 9, 9, 10), disaster_relief(2, False, 9, 9, 9, 9, 10)
    (9, 10, 0)
    """
    says = _of_status(aid_status, disaster_tekun, disaster_dibao, disaster_edge, disaster_rigid, disaster_other)
    return given(disaster_hit, first_of((aid_status == NO, disaster_other), otherwise=says))


def other_aid(
    aid_status: Code, other_tekun: Code, other_dibao: Code, other_edge: Code, other_rigid: Code, other_other: Code
) -> Code:
    """取暖、殡葬等其他救助，按当地规定。 Heating, funeral fee waivers and others, by local rule.

    Source: 国办发〔2023〕39号 第四部分.

    Examples
    --------
    >>> ENTITLEMENTS[other_aid(2, 11, 11, 11, 11, 11)]
    'local'
    """
    return _of_status(aid_status, other_tekun, other_dibao, other_edge, other_rigid, other_other)
