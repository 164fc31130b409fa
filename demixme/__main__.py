"""`python -m demixme`: the same as the command `demixme`."""

import sys

from demixme.cli import main

if __name__ == "__main__":
    sys.exit(main())
