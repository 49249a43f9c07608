"""Imported once, by the server that a fleet's workers are forked from: what each of them would import and set up."""

from aidlib.reports import execute

execute.preload()
