"""Imported once, for its effect, by the server that a fleet's workers are forked from: what each would import and set up is done here.

Nothing else may import it. Python's forkserver knows no other hook than the import of a module.
"""

from aidlib.reports import execute

execute.preload()
