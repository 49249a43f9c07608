"""The columns of the register: what each means, its codes and bounds, what holds where one is absent, and which headings fold onto it.

Money is whole fen. A `code` column holds words at the edge and their position in `codes` inside. An empty cell is unknown, never zero:
it is evaluated at both ends of its bounds. Where a whole column is absent, `absent` is what holds and is reported as an assumption;
None means the facts are unknown there.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from aidlib import tables
from aidlib.errors import RegisterFault, nearest

Kind = Literal["id", "text", "flag", "code", "count", "money"]
ReadKind = Literal[
    "id", "text", "flag", "code", "count", "money", "date", "start", "month", "word", "identity", "region", "private"
]
Table = str  # persons, households; recognitions, aid, or a departmental list of data/monitoring/registers.csv

FEN_MAX = 10**9  # ten million yuan: keeps every product of the rules below 2**53
MONTHS_PER_YEAR = 12
MONTHS_MAX = 1200
LONGEST_HEADING = 200  # characters; a longer text is no heading
FACT_COLUMNS = ("register", "fact", "kind", "how", "zh", "en")
ALIAS_COLUMNS = ("alias", "column", "period", "source")
WORD_COLUMNS = ("column", "word", "value", "source")
MONEY_UNITS = {"分": 1, "fen": 1, "元": 100, "yuan": 100, "千元": 100_000, "万元": 1_000_000, "wan": 1_000_000}
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")
_NOISE = re.compile(r"[\s*:：_,,。、/\\\"'“”?]")
_OF_WHOM = re.compile("^(其中|家庭成员|成员|人员|保障对象|低保对象|救助对象)+")
_UNIT = re.compile(r"(万元|千元|元|分)(?:/[\u4e00-\u9fff·.]+)*$")


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
    overrides : bool
        The fact takes the place of the rule of the same name; a table without the column leaves it to the rule.
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
    overrides: bool = False


def _code(
    table: Table, name: str, zh: str, en: str, words: str, words_zh: str, absent: int | None = 0, better: int = 0
) -> Column:
    codes, codes_zh = tuple(words.split()), tuple(words_zh.split())
    return Column(table, name, "code", zh, en, 0, len(codes) - 1, better, absent, codes, codes_zh)


def _flag(table: Table, name: str, zh: str, en: str, better: int = 1, absent: int | None = 0) -> Column:
    return Column(table, name, "flag", zh, en, 0, 1, better, absent)


def _fen(table: Table, name: str, zh: str, en: str, better: int, absent: int | None, high: int = FEN_MAX) -> Column:
    return Column(table, name, "money", zh, en, 0, high, better, absent)


def _year(table: Table, name: str, zh: str, en: str) -> Column:
    return Column(table, name, "money", zh, en, 0, MONTHS_PER_YEAR * FEN_MAX, -1, overrides=True)


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
    _fen("persons", "topup_recognised_fen", "县定分类施保月额(分)",
         "monthly extra help for a category this register does not show, as the county recognised it", 1, 0),
    _flag("persons", "can_work", "有劳动能力", "able to work", 0, None),
    _flag("persons", "employed", "在业", "in work", 0, 0),
    _fen("persons", "wage_fen", "月工资(分)", "monthly wage, part of the household's income", 0, 0),
    _fen("persons", "work_cost_fen", "核定月就业成本(分)", "monthly work cost the county has recognised", 1, 0),
    _fen("persons", "own_income_fen", "本人月收入(分)", "the person's own monthly income, all kinds", -1, None),
    _year("persons", "own_income_fen_year", "本人年收入(分)",
          "the person's own income of a year, in the place of twelve times the month's"),
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
    _year("households", "income_fen_year", "家庭年收入(分)",
          "income of all members of a year, in the place of twelve times the month's"),
    _year("households", "total_income_fen_year", "申请前十二个月家庭总收入(分)",
          "total income of the twelve months before application, for the share of rigid spending; without it the year's"),
    _fen("households", "disregard_fen", "不计入收入(分)", "items the law disregards; monthly, inside income, basic pension aside", 1, 0),
    _fen("households", "hardship_deduction_fen", "残疾重病扣减(分)", "monthly extra cost of disability or serious illness the county deducts", 1, 0),
    _fen("households", "expend_fen", "十二个月刚性支出(分)", "rigid spending over the twelve months before application", 1, None),
    _flag("households", "property_ok", "财产符合规定", "property within the dibao and edge limit", 1, None),
    Column("households", "dibao_property_ok", "flag", "财产符合低保规定",
           "property within the dibao limit, where it is another one than that of edge households", better=1, overrides=True),
    Column("households", "edge_property_ok", "flag", "财产符合低保边缘家庭规定",
           "property within the edge limit, where it is another one than that of dibao", better=1, overrides=True),
    Column("households", "rigid_property_ok", "flag", "财产符合刚性支出困难家庭规定",
           "property within the limit for rigid-expenditure households, where it is another one", better=1, overrides=True),
    _fen("households", "financial_assets_fen", "金融资产(分)", "financial assets, read where a place publishes a limit", -1, 0, 10 * FEN_MAX),
    _count("households", "dwellings", "住房套数", "dwellings, read where a place publishes a limit", 100, -1, 0),
    _count("households", "vehicles", "机动车辆数", "motor vehicles, read where a place publishes a limit", 100, -1, 0),
    _fen("households", "vehicle_value_fen", "车辆价值(分)", "value of the vehicle, read where a place publishes a limit", -1, 0, 10 * FEN_MAX),
    _fen("households", "capital_fen", "出资额(分)", "capital registered in firms, read where a place publishes a limit", -1, 0, 10 * FEN_MAX),
    _fen("households", "firm_profit_fen_year", "经营年净收入(分)", "yearly profit of a firm, read where a place publishes a limit", -1, 0, 10 * FEN_MAX),
    _flag("households", "on_dibao", "现享低保", "receives dibao now"),
    _flag("households", "raised_by_job", "就业致收入超标", "a job lifted the income over the standard"),
    _code("households", "exit_ground", "渐退情形", "local ground of gradual exit",
          "none new_graduate placed_jobseeker placed_disabled pensioner",
          "一般 新就业毕业生 稳定就业失业人员 稳定就业残疾人 领取养老金"),
    _fen("households", "new_work_income_fen", "新增就业月收入(分)", "monthly income from the new job, part of the household's income", 1, 0),
    _count("households", "grace_months_used", "已渐退月数", "months of gradual exit already used", MONTHS_MAX, -1, 0),
    _fen("households", "last_benefit_fen", "上月低保金(分)", "dibao paid last month", 1, 0),
    _flag("households", "income_stable", "收入稳定", "finances change little in the short term", 0, 0),
    _code("households", "dibao_tier", "低保档次", "tier the county assigned", "none a b c d e", "未分档 一档 二档 三档 四档 五档"),
    _flag("households", "anti_poverty_monitored", "防止返贫监测对象", "followed by the anti-poverty system"),
    _flag("households", "other_difficulty", "其他困难人员", "recognised locally as otherwise in difficulty"),
    _code("households", "temporary_hardship", "临时困难类型", "hardship applied for", "none emergency expenditure", "无 急难型 支出型"),
    _flag("households", "hardship_exceptional", "特别困难", "hardship the county found exceptional"),
    _fen("households", "aid_requested_fen", "临时救助拟救助额(分)", "temporary aid proposed", 1, 0),
    _fen("households", "aid_paid_year_fen", "本年已救助额(分)", "temporary aid already paid this year", -1, 0),
    _flag("households", "disaster_hit", "受灾", "hit by a natural disaster"),
)  # fmt: skip

COLUMNS = {column.name: column for column in (*HOUSEHOLDS, *PERSONS)}
OVERRIDES = frozenset(name for name, column in COLUMNS.items() if column.overrides)


def code(column: str, word: str) -> int:
    """Return the number a word has inside."""
    return COLUMNS[column].codes.index(word)


def required(table: Table) -> tuple[str, ...]:
    """List the columns a table cannot do without: the ids, the place, and the facts that have no stated absence.

    Examples
    --------
    >>> required("households")
    ('household_id', 'region_code', 'urban', 'income_fen', 'expend_fen', 'property_ok')
    """
    columns = PERSONS if table == "persons" else HOUSEHOLDS
    return tuple(c.name for c in columns if c.kind != "text" and c.absent is None and not c.overrides)


@dataclass(frozen=True)
class Field:
    """One column of a register table as it is read: its kind, bounds and words.

    Attributes
    ----------
    table, name, kind : str
        Where it stands, its name, and what its cells hold; `private` cells are checked for nothing and go no further.
    zh, en : str
        What it says, with its unit.
    low, high : int
        Bounds of a sound value.
    codes : tuple of str
        The words a `code` column ends with.
    needed : bool
        A row without it is rejected.
    """

    table: Table
    name: str
    kind: ReadKind
    zh: str
    en: str
    low: int = 0
    high: int = 0
    codes: tuple[str, ...] = ()
    needed: bool = False


NEEDED = frozenset(("household_id", "region_code", "income_fen", "property_ok"))
DERIVED = frozenset(("age", "sex"))  # read from the identity number where their own cell is empty
SCHEMES = ("dibao", "edge", "rigid", "other", "monitored", "single", "tekun", "orphan", "defacto_unsupported_child")
PROGRAMMES = (
    "dibao",
    "single",
    "tekun",
    "education_aid",
    "medical_aid",
    "premium",
    "employment_aid",
    "temporary_aid",
    "price_subsidy",
)
OF_PERSONS = (
    "single",
    "tekun",
    "orphan",
    "defacto_unsupported_child",
    "education_aid",
    "medical_aid",
    "premium",
    "employment_aid",
)
REGISTER_ONLY = (
    Field("persons", "name", "private", "姓名", "name"),
    Field("persons", "id_number", "identity", "公民身份号码", "identity number (GB 11643)"),
    Field("persons", "birth_date", "date", "出生日期", "date of birth"),
    Field("persons", "phone", "private", "联系电话", "telephone"),
    Field("persons", "bank_card", "private", "银行卡号", "bank card"),
    Field("persons", "address", "private", "住址", "address"),
    Field("households", "head_name", "private", "户主姓名", "name of the head"),
    Field("households", "head_id_number", "private", "户主身份证号", "identity number of the head"),
    Field("households", "members", "count", "家庭人口", "count of members stated", 1, 50),
    Field("households", "beneficiaries", "count", "享受人数", "count of members who receive dibao", 0, 50),
    Field("households", "benefit_per_head_fen", "money", "人均补差(分)", "monthly dibao of each beneficiary", 0, FEN_MAX),
    Field("households", "township", "text", "乡镇(街道)", "township"),
    Field("households", "village", "text", "村(社区)", "village"),
    Field("households", "scheme", "text", "救助类别", "what the household is recognised for, in the ledger's words"),
    Field("households", "since", "start", "起始保障年月", "day or month the recognition began"),
    Field("persons", "marks", "text", "健康状况或特殊类别", "marks such as 重残 and 重病"),
)  # fmt: skip
_WHO = (
    Field("", "household_id", "id", "家庭编号", "household"),
    Field("", "person_id", "id", "人员编号", "person"),
    Field("", "id_number", "identity", "公民身份号码", "identity number (GB 11643)"),
    Field("", "name", "private", "姓名", "name"),
)
_LISTS = {
    "recognitions": (
        Field("recognitions", "scheme", "word", "救助类别", "scheme", codes=SCHEMES, needed=True),
        Field("recognitions", "since", "start", "认定日期", "day of the recognition", needed=True),
        Field("recognitions", "until", "start", "终止日期", "last day; empty while it runs"),
        Field("recognitions", "reviewed_on", "start", "复核日期", "day of the last review"),
    ),
    "aid": (
        Field("aid", "programme", "word", "救助项目", "programme", codes=PROGRAMMES, needed=True),
        Field("aid", "month", "month", "发放月份", "month paid for", needed=True),
        Field("aid", "amount_fen", "money", "发放金额(分)", "amount", 0, FEN_MAX, needed=True),
        Field("aid", "paid_on", "start", "发放日期", "day it was paid"),
    ),
}  # fmt: skip


def _field(column: Column) -> Field:
    kinds: dict[str, ReadKind] = {"region_code": "region", "hukou_region_code": "region"}
    kind = kinds.get(column.name, column.kind)
    no_range = column.better == 0 and column.kind not in ("id", "text") and column.name not in DERIVED
    return Field(
        column.table, column.name, kind, column.zh, column.en, column.low, column.high, column.codes,
        no_range or column.name in NEEDED,
    )  # fmt: skip


@lru_cache(maxsize=32)
def fields(table: Table) -> dict[str, Field]:
    """Return the columns of a table by name, those of the rules first; of a departmental list, who it is about and its facts."""
    if table in ("persons", "households"):
        ruled = [_field(column) for column in (PERSONS if table == "persons" else HOUSEHOLDS)]
        return {field.name: field for field in (*ruled, *REGISTER_ONLY) if field.table == table}
    who = {field.name: replace(field, table=table) for field in _WHO}
    return who | {field.name: field for field in _LISTS.get(table) or _facts(table)}


def _facts(register: str) -> tuple[Field, ...]:
    """The facts of a departmental list (`data/monitoring/register_facts.csv`)."""
    kinds: dict[str, ReadKind] = {"date": "date", "money": "money", "count": "count"}
    rows = [row for row in tables.rows("monitoring/register_facts.csv", FACT_COLUMNS) if row["register"] == register]
    if not rows:
        raise RegisterFault(
            "unknown list", got=register, expected=", ".join(departments()), hint=nearest(register, departments())
        )
    facts = (
        Field(register, row["fact"], kinds.get(row["kind"], "code"), row["zh"], row["en"], 0, 10 * FEN_MAX)
        for row in rows
    )
    born = Field(register, "birth_date", "date", "出生日期", "date of birth")
    return (born, *(replace(fact, codes=COLUMNS[fact.name].codes) if fact.kind == "code" else fact for fact in facts))


def departments() -> tuple[str, ...]:
    """Name the departmental lists there are.

    Examples
    --------
    >>> "deaths" in departments()
    True
    """
    return tuple(dict.fromkeys(row["register"] for row in tables.rows("monitoring/register_facts.csv", FACT_COLUMNS)))


def year_of(name: str, columns: Iterable[str]) -> str:
    """Name the column that states the year of a monthly amount, where a table has it; else nothing.

    Examples
    --------
    >>> year_of("income_fen", ["income_fen_year"]), year_of("income_fen", ["income_fen"])
    ('income_fen_year', '')
    """
    year = f"{name}_year"
    return year if year in columns else ""


def unknown_if_absent(name: str) -> bool:
    """Tell whether a fact is unknown for every row of a table that lacks its column (other columns state what holds then).

    Examples
    --------
    >>> unknown_if_absent("can_work"), unknown_if_absent("wage_fen")
    (True, False)
    """
    column = COLUMNS.get(name)
    return column is not None and column.absent is None and not column.overrides and column.kind not in ("id", "text")


@dataclass(frozen=True)
class Fold:
    """A heading of a file and the column it was folded onto.

    Attributes
    ----------
    heading, position : str and int
        As found, and the count of its column from 1.
    column : str
        Name in the register; empty where the heading is unknown.
    unit_fen : int or None
        Fen in one unit of a money column; None where the heading does not say.
    how : str
        name, alias, kept (a mapping the clerk keeps), guess (not read until it is kept), or empty.
    """

    heading: str
    position: int
    column: str
    unit_fen: int | None
    how: str


def bare(heading: str) -> str:
    """Strip a heading to what names it: no blanks, brackets, punctuation or unit.

    Examples
    --------
    >>> bare("家庭月收入 (元)*"), bare("Household_ID"), bare("是否重病（是/否）")
    ('家庭月收入', 'householdid', '是否重病')
    """
    text = _BRACKETS.sub("", unicodedata.normalize("NFKC", heading))
    return _NOISE.sub("", text).casefold()


def unit_in(text: str) -> int | None:
    """Read the money unit a heading or a note states, in fen; None where it states none.

    Examples
    --------
    >>> unit_in("家庭月收入（元/月）"), unit_in("存款(万元)"), unit_in("年龄")
    (100, 1000000, None)
    """
    folded = unicodedata.normalize("NFKC", text)
    for part in (*re.findall(r"[(\[【](.*?)[)\]】]", folded), folded):
        if (found := _UNIT.search(part.strip(" :"))) is not None:
            return MONEY_UNITS[found[1]]
    return None


@lru_cache(maxsize=32)
def _spellings(table: Table) -> dict[str, tuple[str, str]]:
    known = fields(table)
    found = {bare(name): (name, "name") for name in known} | {
        bare(field.zh): (field.name, "alias") for field in known.values()
    }
    for row in tables.rows("register_aliases.csv", ALIAS_COLUMNS):
        if row["column"] in known:
            found.setdefault(bare(row["alias"]), (row["column"], "alias"))
    return found


def spellings(table: Table) -> tuple[str, ...]:
    """List the headings a table understands, bare."""
    return tuple(_spellings(table))


def fold(heading: str, position: int, table: Table) -> Fold:
    """Fold a heading onto a column of the register, or onto none.

    Examples
    --------
    >>> fold("身份证号码", 3, "persons").column, fold("家庭月收入(万元)", 4, "households").unit_fen
    ('id_number', 1000000)
    >>> fold("家庭成员身份证号", 3, "persons").column, fold("其中：工资性收入", 3, "persons").column
    ('id_number', 'wage_fen')
    """
    if len(heading) > LONGEST_HEADING:
        return Fold(heading, position, "", None, "")
    known = _spellings(table)
    folded = bare(heading)
    plain = _UNIT.sub("", folded)
    column, how = known.get(folded) or known.get(plain) or known.get(_OF_WHOM.sub("", plain), ("", ""))
    money = column != "" and fields(table)[column].kind == "money"
    unit = (1 if how == "name" else unit_in(heading)) if money else None
    return Fold(heading, position, column, unit, how)


@lru_cache(maxsize=128)
def words(column: str) -> dict[str, str]:
    """Return the words a cell of a flag or code column may hold, and what each means.

    Examples
    --------
    >>> words("sex")["男"], words("property_ok")["符合"]
    ('male', '1')
    """
    rows = tables.rows("register_words.csv", WORD_COLUMNS)
    known = COLUMNS.get(column)
    own_zh = {zh.casefold(): word for word, zh in zip(known.codes, known.codes_zh, strict=True)} if known else {}
    codes = {"scheme": SCHEMES, "programme": PROGRAMMES}.get(column) or _codes(column)
    own = {row["word"].casefold(): row["value"] for row in rows if row["column"] == column}
    common = {row["word"].casefold(): row["value"] for row in rows if row["column"] == "*"} if _is_flag(column) else {}
    return common | {word: word for word in codes} | own_zh | own


def _is_flag(column: str) -> bool:
    return column in COLUMNS and COLUMNS[column].kind == "flag"


def _codes(column: str) -> tuple[str, ...]:
    return COLUMNS[column].codes if column in COLUMNS else ()
