"""The columns of the register that rules read: what each means, its codes and bounds, and what holds where one is absent.

Money is whole fen. A `code` column holds words at the edge and their position in `codes` inside. An empty cell is unknown, never zero:
it is evaluated at both ends of its bounds. Where a whole column is absent, `absent` is what holds and is reported as an assumption;
None means the facts are unknown there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "flag", "code", "count", "money"]
Table = Literal["persons", "households"]

FEN_MAX = 10**9  # ten million yuan: keeps every product of the rules below 2**53
MONTHS_MAX = 1200


@dataclass(frozen=True)
class Column:
    """One column of the register.

    Attributes
    ----------
    table, name, kind : str
        Where it stands, its name, and id, text, flag, code, count or money (whole fen).
    zh, en : str
        What it says, with its unit.
    low, high : int
        The bounds of a sound value; an unknown one lies between them.
    better : int
        +1 where a larger value brings more help, -1 where a smaller one does, 0 where neither holds.
    absent : int or None
        What holds where the table lacks the whole column; None: unknown.
    codes, codes_zh : tuple of str
        The words of a `code` column; inside, a word is its position.
    """

    table: Table
    name: str
    kind: Kind
    zh: str
    en: str
    low: int = 0
    high: int = 1
    better: int = 0
    absent: int | None = None
    codes: tuple[str, ...] = ()
    codes_zh: tuple[str, ...] = ()


def _code(
    table: Table, name: str, zh: str, en: str, words: str, words_zh: str, absent: int | None = 0, better: int = 0
) -> Column:
    codes, codes_zh = tuple(words.split()), tuple(words_zh.split())
    return Column(table, name, "code", zh, en, 0, len(codes) - 1, better, absent, codes, codes_zh)


def _flag(table: Table, name: str, zh: str, en: str, better: int = 1, absent: int | None = 0) -> Column:
    return Column(table, name, "flag", zh, en, 0, 1, better, absent)


def _fen(table: Table, name: str, zh: str, en: str, better: int, absent: int | None, high: int = FEN_MAX) -> Column:
    return Column(table, name, "money", zh, en, 0, high, better, absent)


def _count(table: Table, name: str, zh: str, en: str, high: int, better: int = 0, absent: int | None = None) -> Column:
    return Column(table, name, "count", zh, en, 0, high, better, absent)


PERSONS = (
    Column("persons", "person_id", "id", "人员标识", "person"),
    Column("persons", "household_id", "id", "家庭标识", "household the person lives in"),
    _count("persons", "age", "周岁", "age in whole years on the day assessed", 130),
    _code("persons", "sex", "性别", "sex", "female male", "女 男", None),
    _code("persons", "relation", "与申请人关系", "relation to the applicant",
          "applicant spouse child parent grandparent grandchild sibling other",
          "本人 配偶 子女 父母 祖父母 孙子女 兄弟姐妹 其他"),
    _flag("persons", "lives_together", "长期共同居住", "lives with the household for the long term", 0, 1),
    _flag("persons", "legal_duty", "有法定赡养扶养抚养关系", "a legal duty of support ties the person to the household", 0, 1),
    _flag("persons", "independent", "能独立生活", "an adult able to live independently", 0, 1),
    _code("persons", "absence", "不在家情形", "why the person may not count as a member",
          "none clergy prison isolation missing conscript serviceman",
          "无 宗教教职人员离家 服刑 强制隔离戒毒 宣告失踪 义务兵 未婚现役军人"),
    _count("persons", "absence_months", "离家月数", "months of absence without a break", MONTHS_MAX, 0, 0),
    _code("persons", "student_stage", "在读阶段", "stage of full-time study",
          "none preschool compulsory senior undergraduate postgraduate",
          "未在读 学前 义务教育 高中阶段 本专科 研究生"),
    _code("persons", "disability_kind", "残疾类别", "kind of disability on the certificate",
          "none visual hearing speech physical intellectual mental multiple",
          "无 视力 听力 言语 肢体 智力 精神 多重"),
    _count("persons", "disability_grade", "残疾等级", "grade of disability, 1 the gravest, 0 for none", 4, 0, 0),
    _flag("persons", "serious_illness", "重病", "a serious illness recognised locally"),
    _flag("persons", "can_work", "有劳动能力", "able to work", 0, None),
    _flag("persons", "employed", "在业", "in work", 0, 0),
    _fen("persons", "wage_fen", "月工资(分)", "monthly wage, part of the household's income", 0, 0),
    _fen("persons", "work_cost_fen", "核定月就业成本(分)", "monthly work cost the county has recognised", 1, 0),
    _fen("persons", "own_income_fen", "本人月收入(分)", "the person's own monthly income, all kinds", -1, None),
    _fen("persons", "basic_pension_fen", "基础养老金月额(分)",
         "monthly centrally set basic pension, as far as it is inside income", 1, 0),
    _fen("persons", "tekun_disregard_fen", "特困不计入收入月额(分)",
         "monthly social insurance, preferential pension and old-age allowance inside own income", 1, 0),
    _flag("persons", "own_property_ok", "本人财产符合特困规定", "own property within the tekun limit", 1, None),
    _code("persons", "tekun_supporter", "法定义务人", "legal supporter", "none unable able", "无 无履行能力 有履行能力", 2, -1),
    _flag("persons", "is_tekun", "已认定特困", "recognised as tekun today"),
    _count("persons", "missing_selfcare_items", "不能自理项数", "self-care items not achieved, of six", 6, 0, 0),
    _flag("persons", "in_institution", "集中供养", "lives in an institution", 0, 0),
    _flag("persons", "in_hospital", "住院", "in hospital and unable to care for oneself there"),
    _code("persons", "child_aid", "儿童保障", "child aid chosen or received", "none orphan unsupported hiv",
          "无 孤儿 事实无人抚养儿童 艾滋病病毒感染儿童"),
    _code("persons", "unemployment_aid", "失业待遇", "unemployment benefit or subsidy received", "none benefit subsidy",
          "无 失业保险金 失业补助金"),
    _flag("persons", "preferential", "优抚对象", "receives a regular preferential pension"),
    _flag("persons", "single_entry_other", "县定单人户对象", "admitted to single entry by a county rule"),
    _fen("persons", "medical_own_cost_fen", "年度自付医疗费(分)", "own share of in-scope medical costs, this year", 1, 0),
    _flag("persons", "returned_poor", "返贫致贫人口", "recognised as fallen back into poverty"),
    _flag("persons", "illness_poor", "因病致贫重病患者", "recognised as a patient impoverished by illness"),
    _flag("persons", "tilt_applied", "申请倾斜救助", "applied for tilted medical aid, with a risk of poverty found"),
    _count("persons", "job_refusals", "连续拒绝就业次数", "suitable jobs refused in a row without good cause, within the months the place counts",
           MONTHS_MAX, -1, 0),
)  # fmt: skip

HOUSEHOLDS = (
    Column("households", "household_id", "id", "家庭标识", "household"),
    Column("households", "region_code", "id", "地区代码", "six-character code of the place that decides"),
    _flag("households", "urban", "城镇", "urban standard applies (0: rural)", 0, None),
    Column("households", "hukou_region_code", "text", "户籍地代码", "place of registration, where it differs"),
    Column("households", "as_of", "text", "核算月份", "month the facts hold for, YYYY-MM"),
    _fen("households", "income_fen", "家庭月收入(分)",
         "monthly income of all members: wage, net business, net property, net transfer and other; before disregards and deductions", -1, None),
    _fen("households", "disregard_fen", "不计入收入(分)", "items the law disregards; monthly, inside income, basic pension aside", 1, 0),
    _fen("households", "hardship_deduction_fen", "残疾重病扣减(分)", "monthly extra cost of disability or serious illness the county deducts", 1, 0),
    _fen("households", "expend_fen", "十二个月刚性支出(分)", "rigid spending over the twelve months before application", 1, None),
    _flag("households", "property_ok", "财产符合规定", "property within the dibao and edge limit", 1, None),
    _fen("households", "financial_assets_fen", "金融资产(分)", "financial assets, read where a place publishes a limit", -1, 0, 10 * FEN_MAX),
    _flag("households", "on_dibao", "现享低保", "receives dibao now"),
    _flag("households", "raised_by_job", "就业致收入超标", "a job lifted the income over the standard"),
    _code("households", "exit_ground", "渐退情形", "local ground of gradual exit",
          "none new_graduate placed_jobseeker placed_disabled pensioner",
          "一般 新就业毕业生 稳定就业失业人员 稳定就业残疾人 领取养老金"),
    _fen("households", "new_work_income_fen", "新增就业月收入(分)", "monthly income from the new job, part of the household's income", 1, 0),
    _count("households", "grace_months_used", "已渐退月数", "months of gradual exit already used", MONTHS_MAX, -1, 0),
    _fen("households", "last_benefit_fen", "上月低保金(分)", "dibao paid last month", 1, 0),
    _flag("households", "income_stable", "收入稳定", "finances change little in the short term", 0, 0),
    _code("households", "dibao_tier", "低保档次", "tier the county assigned", "none a b c", "未分档 一档 二档 三档"),
    _flag("households", "anti_poverty_monitored", "防止返贫监测对象", "followed by the anti-poverty system"),
    _flag("households", "other_difficulty", "其他困难人员", "recognised locally as otherwise in difficulty"),
    _code("households", "temporary_hardship", "临时困难类型", "hardship applied for", "none emergency expenditure", "无 急难型 支出型"),
    _flag("households", "hardship_exceptional", "特别困难", "hardship the county found exceptional"),
    _fen("households", "aid_requested_fen", "临时救助拟救助额(分)", "temporary aid proposed", 1, 0),
    _fen("households", "aid_paid_year_fen", "本年已救助额(分)", "temporary aid already paid this year", -1, 0),
    _flag("households", "disaster_hit", "受灾", "hit by a natural disaster"),
)  # fmt: skip

COLUMNS = {column.name: column for column in (*HOUSEHOLDS, *PERSONS)}


def code(column: str, word: str) -> int:
    """Return the number a word has inside.

    Examples
    --------
    >>> code("student_stage", "senior"), code("disability_kind", "none")
    (3, 0)
    """
    return COLUMNS[column].codes.index(word)


def required(table: Table) -> tuple[str, ...]:
    """List the columns a table cannot do without: the ids, the place, and the facts that have no stated absence.

    Examples
    --------
    >>> required("households")
    ('household_id', 'region_code', 'urban', 'income_fen', 'expend_fen', 'property_ok')
    """
    columns = PERSONS if table == "persons" else HOUSEHOLDS
    return tuple(c.name for c in columns if c.kind != "text" and c.absent is None)
