"""What holds for every test: a slow or busy machine is no fault, and the command line speaks English whatever the system speaks."""

import os

from hypothesis import settings

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")
os.environ["LC_ALL"] = "C.UTF-8"
