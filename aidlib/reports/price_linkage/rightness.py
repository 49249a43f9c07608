"""Whether the chances of past forecasts were right: the part of the record that stands beside a forecast after its scores."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from aidlib.prices.forecast_calibration import calibration, pit, reliability
from aidlib.prices.forecast_past import Judged
from aidlib.prices.words import index_words

if TYPE_CHECKING:
    import pandas as pd

    from aidlib.reports.context import Report

OFF = "*"
NOTE = (
    "偏差=平均概率减实际频率，±为预测为真时的标准误，计入起点和月份的重叠。可靠性：各档预测概率→实际频率，*为相差超过两倍标准误。"
    "概率积分变换：结果落在预测分布各十分之一的比例，越接近10越好。CRPS越小越好。",
    "Bias: mean chance minus frequency, ± the standard error it has if the forecasts are true, overlapping months counted. "
    "Reliability: chance said → frequency, by class of chance; * is off by more than two standard errors. "
    "Integral transform: share of outcomes in each tenth of the forecast distribution, 10 is ideal. A lower CRPS is better.",
)


def rightness(judged: Iterable[Judged], report: Report) -> pd.DataFrame:
    """Lay out CRPS, bias, reliability and integral transform, one row an index and line."""
    import pandas as pd

    rows = []
    for one in judged:
        name, line = index_words(one.index), one.scores.line
        bias, error = calibration(one.known, line)
        rows.append({
            "linkage_index": report.t(name.zh, name.en), "outlook_line": f"{line:g}%", "study_crps": f"{one.scores.crps:.2f}",
            "outlook_bias": f"{bias * 100:+.1f}±{error * 100:.1f}", "outlook_reliability": _reliability(one.known, line),
            "outlook_pit": " ".join(f"{share * 100:.0f}" for share in pit(one.known)),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _reliability(known: pd.DataFrame, line: float) -> str:
    table = reliability(known, line)
    off = (table["came"] - table["forecast"]).abs() > table["error"]
    return ", ".join(
        f"{said * 100:.0f}→{came * 100:.0f}{OFF if beyond else ''}"
        for said, came, beyond in zip(table["forecast"], table["came"], off, strict=True)
    )
