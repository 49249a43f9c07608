"""The low-income monitoring report: counts only, small ones hidden; lists of persons go to a restricted folder. One function a section."""

from aidlib.reports.low_income_monitoring.chains import show_chains, write_lists
from aidlib.reports.low_income_monitoring.checks import show_inspection, show_reviews
from aidlib.reports.low_income_monitoring.compared import show_compared
from aidlib.reports.low_income_monitoring.measured import show_measured
from aidlib.reports.low_income_monitoring.money import show_money
from aidlib.reports.low_income_monitoring.opening import Monitoring, open_monitoring
from aidlib.reports.low_income_monitoring.sections import (
    show_alerts,
    show_deadlines,
    show_delivery,
    show_finding,
    show_flows,
)

__all__ = [
    "Monitoring",
    "open_monitoring",
    "show_alerts",
    "show_chains",
    "show_compared",
    "show_deadlines",
    "show_delivery",
    "show_finding",
    "show_flows",
    "show_inspection",
    "show_measured",
    "show_money",
    "show_reviews",
    "write_lists",
]
