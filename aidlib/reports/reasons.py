"""Why a report is not good, for a reader of the Chinese index; the manifest and the command line keep the English."""

from __future__ import annotations

import re

from aidlib.errors import Fault
from aidlib.reports.wording import gap

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
