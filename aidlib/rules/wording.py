"""How a rule, a law value or a register column is named and its value written, in Chinese and English."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal

from aidlib.errors import ParameterFault
from aidlib.indices import Figure
from aidlib.law import Value
from aidlib.money import decimal_text, exact
from aidlib.register.columns import COLUMNS
from aidlib.rules.engine import Rule
from aidlib.rules.helpers import BP, MONTHS_PER_YEAR
from aidlib.rules.lawinputs import LAW_INPUTS
from aidlib.rules.layers import LAYERS
from aidlib.rules.medical import MEDICAL_CLASSES
from aidlib.rules.names import NAMES
from aidlib.rules.specialised import STATUSES

Language = Literal["zh", "en"]
CATEGORIES_ZH = ("不符合", "最低生活保障", "低保边缘家庭", "刚性支出困难家庭", "无法判定")
_ENTITLEMENTS_EN = (
    "no", "yes", "in full", "a fixed sum", "a fixed sum where the place has one", "where the place has it", "serious patients only",
    "at home only", "poor students", "goes first", "all who are hit", "by local rule",
)  # fmt: skip
CATEGORIES_EN = ("none of the three kinds", "dibao", "edge household", "rigid-expenditure household", "cannot tell")
_LAYERS_ZH = ("无", "特困人员", "低保对象", "防止返贫监测对象", "低保边缘家庭成员", "刚性支出困难家庭成员", "其他困难人员", "无法判定")  # fmt: skip
_STATUSES_ZH = ("无", "特困人员", "低保对象", "低保边缘家庭成员", "刚性支出困难家庭成员", "其他困难人员")
_ENTITLEMENTS_ZH = (
    "否", "是", "全额", "定额", "当地有规定的定额", "当地有规定的可以", "限重病患者", "限分散供养", "其他困难学生", "优先", "受灾即救助",
    "按当地规定",
)  # fmt: skip
_MEDICAL_ZH = (
    "不属于",
    "特困人员",
    "孤儿",
    "低保对象",
    "返贫致贫人口",
    "低保边缘家庭成员",
    "防止返贫监测对象",
    "因病致贫重病患者",
)
_WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "category": (CATEGORIES_ZH, CATEGORIES_EN),
    "layer": (_LAYERS_ZH, LAYERS),
    "aid_status": (_STATUSES_ZH, STATUSES),
    "care_class": (("全自理", "半护理", "全护理"), ("self-care", "partial care", "full care")),
    "temporary_approver": (("无", "乡镇(街道)", "县级民政部门", "县级协调机制"), ("none", "township", "county", "coordination body")),
    "pay_first": (("否", "可以先行", "应当先行"), ("no", "may", "must")),
    "small_sum_first": (("无此规定", "可以先行", "应当先行"), ("no rule", "may", "must")),
    "medical_class": (_MEDICAL_ZH, tuple(word.replace("_", " ") for word in MEDICAL_CLASSES)),
    "dibao_round_mode": (("舍去", "四舍五入", "进位"), ("down", "half up", "up")),
} | dict.fromkeys(
    ("premium_help", "medical_aid", "education_aid", "housing_aid", "employment_aid", "disaster_relief", "other_aid"),
    (_ENTITLEMENTS_ZH, _ENTITLEMENTS_EN),
)  # fmt: skip
STATUS_WORDS = {
    "enacted": ("依据现行规定", "on law in force"),
    "observed": ("依据公布的数", "on published figures"),
    "estimated": ("含有推定的依据", "partly on our reading of the law"),
    "stale": ("含有已过期的标准", "partly on a standard that has ended"),
    "projected": ("含有预计的数", "partly on projections"),
    "synthetic": ("含有合成的数", "partly on synthetic figures"),
}
_SHARE = re.compile("_(ratio|rate|share)_")
DEPARTMENTS_EN = {
    "医疗保障部门": "healthcare security", "教育部门": "education", "住房城乡建设部门": "housing", "应急管理部门": "emergency management",
    "人力资源社会保障部门": "human resources and social security", "民政部门": "civil affairs",
}  # fmt: skip
_ASIDE = re.compile(
    r"\s*\([^()]*0: [^()]*\)|; 0 where [^.;]*"
)  # what a number stands for inside, for whoever reads the code
_UNITS = {"zh": ("元", "元/年", "倍"), "en": (" yuan", " yuan a year", " times")}


def check_language(language: str) -> Language:
    """Return a language the wording knows; anything else is a fault.

    Examples
    --------
    >>> check_language("zh")
    'zh'
    """
    if language not in _UNITS:
        raise ParameterFault("unknown language", expected="zh or en", got=language)
    return language  # type: ignore[return-value]


@lru_cache(maxsize=512)
def sentence(rule: Rule, language: Language) -> str:
    """Return a rule's first docstring line in one language: the law in plain words.

    Examples
    --------
    >>> from aidlib.rules.dibao import need_fen_year
    >>> sentence(need_fen_year, "zh"), sentence(need_fen_year, "en")
    ('低保标准乘以家庭人口(全年)', 'The standard times the members, for a year')
    """
    zh, _, en = (rule.__doc__ or rule.__name__).strip().partition("\n")[0].partition("。 ")
    return _ASIDE.sub("", zh if language == "zh" else en or zh).rstrip("。.")


@lru_cache(maxsize=512)
def articles(rule: Rule, language: Language) -> tuple[str, ...]:
    """Return the instruments and articles a rule's `Source:` names; in Chinese only those in Chinese.

    Examples
    --------
    >>> from aidlib.rules.dibao import need_fen_year
    >>> articles(need_fen_year, "zh")
    ('民发〔2021〕57号 第二十三条',)
    """
    said = re.search(r"Source: (.+?)\.?\n\s*\n", (rule.__doc__ or "") + "\n\n", re.DOTALL)
    found = [" ".join(item.split()).partition(". ")[0].rstrip(".") for item in said.group(1).split(";")] if said else []
    return tuple(item for item in found if language == "en" or re.search(r"[\u4e00-\u9fff]", item))


def label(name: str, rule: Rule | None, rows: tuple[Value | Figure, ...], terms: Any, language: Language) -> str:
    """Name an input: a register column, a law value by its row, or a rule by the head of its sentence.

    Examples
    --------
    >>> label("income_fen", None, (), {}, "zh"), label("dibao_standard_fen_year", None, (), {}, "en")
    ('家庭月收入', 'dibao standard')
    """
    if name in COLUMNS:
        return COLUMNS[name].zh.replace("(分)", "") if language == "zh" else re.split("[:;]", COLUMNS[name].en)[0]
    if name in NAMES:
        return NAMES[name][language == "en"]
    if rule is not None:
        return re.split("[:：;；(（]", sentence(rule, language))[0]
    for row in rows:
        if isinstance(row, Value):
            return str(getattr(terms[row.name], language))
    if name in LAW_INPUTS and LAW_INPUTS[name].name in terms:
        return str(getattr(terms[LAW_INPUTS[name].name], language))
    return name.replace("_", " ")


def coded(name: str) -> bool:
    """Tell whether a quantity is one of several words.

    Examples
    --------
    >>> coded("care_class"), coded("members")
    (True, False)
    """
    return name in _WORDS or bool(name in COLUMNS and COLUMNS[name].codes)


def written(name: str, value: Any, language: Language) -> str:
    """Write a value with its unit.

    Examples
    --------
    >>> written("counted_income_fen", 189_400, "zh"), written("edge_multiple_bp", 15_000, "en"), written("employed", True, "zh")
    ('1,894.00元', '1.5 times', '是')
    >>> written("need_fen_year", 640_000, "en"), written("category", 1, "zh")
    ('6,400.00 yuan a year', '最低生活保障')
    """
    money, yearly, times = _UNITS[language]
    if isinstance(value, bool):
        return ("是" if value else "否") if language == "zh" else ("yes" if value else "no")
    if name in _WORDS:
        words: tuple[str, ...] = _WORDS[name][language == "en"]
        return str(words[value])
    if name in COLUMNS and COLUMNS[name].codes:
        return str((COLUMNS[name].codes_zh if language == "zh" else COLUMNS[name].codes)[value]).replace("_", " ")
    if name.endswith("_step"):
        return _yuan(exact(value)) + money
    if name.endswith("_bp"):
        return f"{_plain(value, BP // 100)}%" if _SHARE.search(name) else f"{_plain(value, BP)}{times}"
    if name.endswith("_fen12"):
        return _yuan(exact(value) / MONTHS_PER_YEAR) + money
    if "_fen" in name:
        return _yuan(exact(value)) + (yearly if name.endswith("_fen_year") else money)
    return f"{value}"


def _plain(value: int, scale: int) -> str:
    return decimal_text(exact(value) / scale, 4).rstrip("0").rstrip(".")


def _yuan(amount_fen: Any) -> str:
    text = decimal_text(amount_fen / 100, 2)
    whole, _, cents = text.partition(".")
    return f"{int(whole):,}.{cents}" if not whole.startswith("-0") else text
