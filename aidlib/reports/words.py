"""The fixed words of a page in Chinese and English: labels, marks and their meaning."""

from __future__ import annotations

LANGUAGES = {"zh": "zh-CN", "en": "en"}

STATUS_WORDS: dict[str, tuple[str, str]] = {
    "enacted": ("法定", "enacted"),
    "observed": ("已公布", "observed"),
    "estimated": ("估算", "estimated"),
    "stale": ("过期", "stale"),
    "projected": ("预测", "projected"),
    "synthetic": ("合成", "synthetic"),
    "suppressed": ("已隐去", "suppressed"),
}

MARKS: dict[str, tuple[str, str]] = {
    "estimated": ("估", "est."),
    "stale": ("旧", "stale"),
    "projected": ("测", "proj."),
    "synthetic": ("合成", "synth."),
    "suppressed": ("抑", "supp."),
}

MEANINGS: dict[str, tuple[str, str]] = {
    "enacted": ("文件明文规定", "written in an instrument"),
    "observed": ("统计或主管部门公布", "published by a statistical or competent authority"),
    "estimated": ("由其他公布数据推算，带有误差", "computed from other published figures, with an error"),
    "stale": ("最近一次已知的数值，其有效期已过", "the last value known; its period has ended"),
    "projected": ("对尚未发生时期的预测", "a forecast of a period that has not happened yet"),
    "synthetic": ("来自虚构的示例数据，不代表任何真实住户", "from invented data; stands for no real household"),
    "suppressed": ("人数过少，为保护个人信息而隐去", "hidden because too few persons are behind it"),
}

WORDS: dict[str, tuple[str, str]] = {
    "all_code": ("展开全部代码", "Show all code"),
    "article": ("条款", "Article"),
    "as_of": ("截至", "As of"),
    "basis": ("依据", "Basis"),
    "contents": ("目录", "Contents"),
    "csv": ("下载 CSV", "Download CSV"),
    "data": ("查看数据", "Show data"),
    "details": ("技术细节", "Technical details"),
    "failed": ("这份报告没有完成", "This report did not finish"),
    "failed_hint": (
        "以下内容可能不完整，不能作为依据。", "What follows may be incomplete and must not be relied on."),
    "failed_jump": ("看出错的位置", "Go to the place of the error"),
    "figure_rows": ("公布数据", "Published figures"),
    "file_line": ("文件与行", "File and line"),
    "finding": ("结论", "Finding"),
    "found_in": ("所属地区", "Place of the row"),
    "gaps": ("数据缺口", "Data gaps"),
    "generated": ("生成时间", "Generated"),
    "group": ("对象", "Group"),
    "in_force": ("适用时间", "Holds"),
    "item": ("项目", "Item"),
    "law_rows": ("法律与政策依据", "Law and policy"),
    "legend": ("标记说明", "Marks"),
    "legend_none": ("没有标记的数值是文件规定或已公布的数值。", "A value without a mark is enacted or published."),
    "missing": ("无数据", "no data"),
    "no": ("否", "no"),
    "no_code": ("收起全部代码", "Hide all code"),
    "no_gaps": ("没有发现数据缺口。", "No data gap was met."),
    "no_rows": ("没有符合条件的行。", "No rows."),
    "no_sources": ("没有读取任何数据行。", "No data row was read."),
    "period": ("时期", "Period"),
    "place": ("地区", "Region"),
    "record": ("运行记录", "Record of this run"),
    "rows": ("行", "rows"),
    "show_code": ("查看代码", "Show code"),
    "skip": ("跳到正文", "Skip to the report"),
    "source": ("来源", "Source"),
    "sources": ("来源", "Sources"),
    "status": ("状态", "Status"),
    "try": ("建议", "Try"),
    "unit": ("单位", "Unit"),
    "value": ("数值", "Value"),
    "weakest": ("最弱数据状态", "Weakest status"),
    "where": ("位置", "Where"),
    "yes": ("是", "yes"),
}  # fmt: skip


def word(key: str, language: str = "zh") -> str:
    """Return a fixed word of the page, or the key itself where it is a user's own.

    Examples
    --------
    >>> word("show_code"), word("show_code", "en"), word("colour")
    ('查看代码', 'Show code', 'colour')
    """
    return _pick(WORDS, key, language)


def status_word(status: str, language: str = "zh") -> str:
    """Name a status.

    Examples
    --------
    >>> status_word("stale"), status_word("stale", "en")
    ('过期', 'stale')
    """
    return _pick(STATUS_WORDS, status, language)


def status_meaning(status: str, language: str = "zh") -> str:
    """Tell what a status means, in a few words."""
    return _pick(MEANINGS, status, language)


def _pick(words: dict[str, tuple[str, str]], key: str, language: str) -> str:
    return words[key][language == "en"] if key in words else key
