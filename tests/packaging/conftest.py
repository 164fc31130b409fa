"""The scripts in packaging/ are run as files; tests import them from there."""

import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "packaging"

if str(FOLDER) not in sys.path:
    sys.path.append(str(FOLDER))
