"""Where both frozen programs begin: DemixME (a window) and demixme-cli (a console)."""

import multiprocessing

multiprocessing.freeze_support()

import sys  # noqa: E402 - a child process of a frozen program must not get any further than above

from demixme.__main__ import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
