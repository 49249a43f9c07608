"""Reports: notebooks under a contract, the fleet that runs them, and the pages made from them."""

from aidlib.reports.context import Report, start

__all__ = ["Report", "start"]
