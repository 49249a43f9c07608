"""Makes the drive, the families and the oracle importable by their names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
