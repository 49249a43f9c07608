"""Why a report is not good, for a reader of the Chinese index; the manifest and the command line keep the English."""

from __future__ import annotations

import re

from aidlib import words
from aidlib.errors import Fault

SAID: tuple[tuple[str, str], ...] = (
    (r"never made", "还没有生成"),
    (r"(notebook|library|environment) changed", "{0}有变化"),
    (r"parameters changed: (.+)", "参数有变化：{0}"),
    (r"data changed: (.+)", "数据表有变化：{0}"),
    (r"inputs changed: (.+)", "所给文件有变化：{0}"),
    (r"the page is gone; make it again", "页面不在了，请重新生成"),
    (r"no data for this period", "没有这一时期的数据"),
    (r"the latest is (\S+)", "最近的时期是{0}"),
    (r"the kernel died, twice", "内核两次中途退出"),
    (r"the disk is full", "磁盘已满"),
    (r"the fleet was ended", "运行被中止"),
    (r"cell (\d+) took longer than (\S+) s \(--cell-timeout\)", "第{0}个代码单元超过{1}秒（--cell-timeout）"),
    (r"the report took longer than (\S+) s(?: \(--report-timeout\)| and did not stop)", "整份报告超过{0}秒（--report-timeout）"),
    (r"the worker process ended by itself \(exit code (\S+)\)", "工作进程自行退出（退出码{0}）"),
    (r"(\w+) in code cell (\d+)(?:, (\S+))? \(message withheld: it may hold personal data\)",
     "第{1}个代码单元出错：{0} {2}（原文可能含个人信息，不予显示）"),
    (r"the page cannot be published: (.+)", "页面不能发布：{0}"),
    (r"a fault of aidlib itself: (\w+)(?: in (\S+))? \(please report it\)", "程序本身出错：{0} {1}（请反馈）"),
    (r"the cluster gave it up: (\w+)", "集群放弃了这份报告：{0}"),
)  # fmt: skip
GAPS: tuple[tuple[str, str, str], ...] = (
    (
        r"the law book has no (?P<name>\w+)(?: for (?P<group>\S+))? on (?P<day>\S+)",
        "{day}没有可依据的规定：{name}{group}",
        "no rule is known on {day}: {name}{group}",
    ),
    (
        r"the nearest known row is (?P<place>\S+) \((?P<first>\S+) to (?P<last>\S+)\)",
        "最近的一行是{place}（{first}至{last}）",
        "the nearest row is {place} ({first} to {last})",
    ),
    (
        r"the nearest known row is (?P<place>\S+) \(from (?P<first>\S+) on\)",
        "最近的一行是{place}（{first}起）",
        "the nearest row is {place} (from {first} on)",
    ),
    (
        r"add a row with its source to data/law/",
        "在 data/law/ 加一行并注明来源",
        "add a row with its source to data/law/",
    ),
    (
        r"no figure of (?P<series>\S+) for (?P<period>\S+)",
        "没有{period}的数据：{series}",
        "no figure for {period}: {series}",
    ),
    (r"the nearest period known is (?P<period>\S+)", "最近的时期是{period}", "the nearest period is {period}"),
    (r"add it with: (?P<command>.+)", "用命令加入：{command}", "add it with: {command}"),
)
PARTS = {"notebook": "笔记本", "library": "程序", "environment": "运行环境"}
GAP = re.compile(
    r"(?:DataGap|LawGap): (?:(?P<where>[^:;]*\d{6}[^:;]*): )?(?P<what>[^;]+)(?:; try: (?P<hint>.+?))?(?: \| .+)?"
)


def reason(text: str, language: str = "zh") -> str:
    """Say a reason of the manifest in the language of the index; what it does not know it says as it is.

    Examples
    --------
    >>> reason("library changed; data changed: law/values.csv")
    '程序有变化；数据表有变化：law/values.csv'
    >>> reason("no data for this period; the latest is 2020-04")
    '没有这一时期的数据；最近的时期是2020-04'
    >>> reason("DataGap: 北京市 110000: no figure of population for 2020; try: add it", "zh")
    '北京市 110000：没有2020的数据：population；建议：add it'
    >>> reason("the disk is full", "en")
    'the disk is full'
    """
    if language == "en":
        return text
    if found := GAP.fullmatch(text):
        return _gap(found["where"], found["what"], found["hint"] or "")
    return _whole(text) or "；".join(_whole(part) or part for part in text.split("; "))


def _whole(text: str) -> str:
    for pattern, zh in SAID:
        if found := re.fullmatch(pattern, text):
            return re.sub(r"\s+(?=（|$)", "", zh.format(*(PARTS.get(part, part or "") for part in found.groups())))
    return ""


def _gap(where: str | None, what: str, hint: str) -> str:
    said = gap(Fault(what, hint=hint))
    return (f"{where}：" if where else "") + said.what + (f"；建议：{said.hint}" if said.hint else "")


def gap(fault: Fault, language: str = "zh") -> Fault:
    """Put a gap of the law book or of the figures into words of the page's language; any other fault stays as it is."""
    return Fault(_said(fault.what, language), fault.where, fault.expected, fault.got, _said(fault.hint, language))


def _said(text: str, language: str) -> str:
    for pattern, zh, en in GAPS:
        if found := re.fullmatch(pattern, text):
            parts = {key: part or "" for key, part in found.groupdict().items()}
            named = {key: words.word(parts[key], key, language) for key in ("name", "series") if parts.get(key)}
            group = words.word(parts["group"], "group", language) if parts.get("group") else ""
            brackets = " ({})" if language == "en" else "（{}）"
            return (en if language == "en" else zh).format(
                **parts | named | {"group": group and brackets.format(group)}
            )
    return text
