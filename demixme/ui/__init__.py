"""The window: what a person sees and does.

Thread: gui. Only `bridge.py` sees Engine; it polls 30 times a second and says in past-tense signals
what happened. May import: core, audiofile (probe), engine, export, the single files; PySide6 and,
late, pyqtgraph. Never: blocks, holds the interpreter over 10 ms while a song plays, sets a style
sheet after start, or paints what did not change.
"""
