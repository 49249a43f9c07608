"""Whom the work misses or pays twice: registers matched, alerts, the assistance chain, sampling for inspection."""
