"""How this program starts itself again as a child process; nothing here starts one.

A child inherits the environment as it is: a frozen program has pointed LD_LIBRARY_PATH at its own
libraries, which its children need as well.
"""

import subprocess
import sys
from pathlib import Path

#: For `creationflags`: without it a child of a program without a console flashes one on Windows.
NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)

#: The package's folder comes as an argument: a checkout need not be on the path, and a path in the
#: code would need quoting. -P keeps the modules that lie in the current folder out.
_START = (
    "import sys; p = sys.argv.pop(1); p in sys.path or sys.path.insert(0, p); "
    "from demixme.__main__ import main; sys.exit(main())"
)
_FROZEN_NAME = "demixme-cli"


def command(*words: str) -> list[str]:
    """Return the command line that runs `demixme WORDS…` as a child of this very program.

    It works from any folder, in a checkout, from a wheel and frozen by PyInstaller, where the
    program with a console is taken (the windowed one has no standard streams on Windows).
    """
    if getattr(sys, "frozen", False):
        program = Path(sys.executable)
        with_console = program.with_name(_FROZEN_NAME + program.suffix)
        return [str(with_console if with_console.is_file() else program), *words]
    package = Path(__file__).resolve().parent
    return [sys.executable, "-X", "utf8", "-P", "-c", _START, str(package.parent), *words]
