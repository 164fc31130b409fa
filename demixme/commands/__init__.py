"""Commands: one module for each command of `demixme`; `demixme.cli` chooses between them.

Thread: the process's main thread. What a command needs it imports when it runs, so that a missing
Qt or PortAudio stops only what needs it.
May import: every room; `ui`, `evaluation` and `training` only inside the function that needs them.
Never: writes to stdout or stderr but through `console`, shows a traceback, decides how it sounds.
"""
