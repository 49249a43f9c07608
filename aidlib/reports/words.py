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
    "stale": ("旧", "old"),
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
    "all": ("全部", "all"),
    "all_code": ("展开全部代码", "Show all code"),
    "as_of": ("截至", "As of"),
    "figures_to": ("公布数据截至", "Published figures to"),
    "attention": ("需要处理", "Needs attention"),
    "basis": ("依据", "Basis"),
    "code": ("代码校验值（SHA-256）", "Code (SHA-256)"),
    "contents": ("目录", "Contents"),
    "count": ("显示 {shown} / {all} 份", "Showing {shown} of {all}"),
    "csv": ("下载 CSV", "Download CSV"),
    "data": ("查看数据", "Show data"),
    "details": ("技术细节", "Technical details"),
    "failed": ("这份报告没有完成", "This report did not finish"),
    "failed_hint": ("以下内容可能不完整，不能作为依据。", "What follows may be incomplete and must not be relied on."),
    "failed_jump": ("看出错的位置", "Go to the place of the error"),
    "figure_rows": ("公布数据", "Published figures"),
    "file_line": ("文件与行", "File and line"),
    "files": ("文件", "Files"),
    "finding": ("结论", "Finding"),
    "finished": ("完成时间", "Finished"),
    "found_in": ("所属地区", "Place of the row"),
    "generated": ("生成时间", "Generated"),
    "group": ("对象", "Group"),
    "in_force": ("适用时间", "Holds"),
    "index": ("社会救助报告", "Social assistance reports"),
    "item": ("项目", "Item"),
    "last_run": ("最近完成", "Last finished"),
    "law_rows": ("法律与政策依据", "Law and policy"),
    "legend": ("标记说明", "Marks"),
    "legend_none": ("没有标记的数值是文件规定或已公布的数值。", "A value without a mark is enacted or published."),
    "map": ("分省概览", "By province"),
    "map_note": (
        "排版示意，不是地图，不画边界；只列数据所及的31个省级行政区。点一格筛选该省。",
        "A layout of tiles, not a map; no borders are drawn. It holds the 31 provincial-level regions the data covers. A tile filters its province.",
    ),
    "missing": ("无数据", "no data"),
    "name": ("名称", "Name"),
    "nation": ("全国", "National"),
    "no": ("否", "no"),
    "no_alt": ("没有文字说明的图", "A figure without a description"),
    "no_code": ("收起全部代码", "Hide all code"),
    "no_gaps": ("没有发现数据缺口。", "No data gap was met."),
    "no_rows": ("没有符合条件的行。", "No rows."),
    "no_sources": ("没有读取任何数据行。", "No data row was read."),
    "none_yet": ("还没有报告。", "No report yet."),
    "or": (" 或 ", " or "),
    "outcome": ("结果", "Outcome"),
    "page_of": ("社会救助报告", "Social assistance report"),
    "parameters": ("参数", "Parameters"),
    "period": ("时期", "Period"),
    "place": ("地区", "Region"),
    "plotted": ("图中数据", "numbers in the figure"),
    "published": ("公布为", "published as"),
    "reason": ("说明", "Note"),
    "record": ("运行记录", "Record of this run"),
    "report": ("报告", "Report"),
    "reset": ("清除", "Clear"),
    "rows": ("行", "rows"),
    "search": ("搜索地区：名称、拼音、拼音首字母或代码", "Search a region: name, pinyin, initials or code"),
    "see_list": ("其余见下表；可按结果筛选。", "The rest is in the list below; filter it by outcome."),
    "show_code": ("查看代码", "Show code"),
    "show_parameters": ("查看参数", "Show parameters"),
    "shown": ("已展示的表和图", "Tables and figures shown"),
    "skip": ("跳到正文", "Skip to the report"),
    "source": ("来源", "Source"),
    "status": ("状态", "Status"),
    "tables": ("数据表校验值（SHA-256）", "Tables read (SHA-256)"),
    "try": ("建议", "Try"),
    "unit": ("单位", "Unit"),
    "untouched": ("没有报告", "no report"),
    "value": ("数值", "Value"),
    "versions": ("版本", "Versions"),
    "weakest": ("最弱数据状态", "Weakest status"),
    "yes": ("是", "yes"),
}

OUTCOMES: dict[str, tuple[str, str]] = {
    "good": ("完好", "good"),
    "stale": ("过期", "stale"),
    "failed": ("失败", "failed"),
    "interrupted": ("中断", "interrupted"),
    "no_data": ("无数据", "no data"),
}


def outcome_word(outcome: str, language: str = "zh") -> str:
    """Name what became of a report.

    Examples
    --------
    >>> outcome_word("good"), outcome_word("no_data", "en")
    ('完好', 'no data')
    """
    return _pick(OUTCOMES, outcome, language)


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
