"""Evaluation: how well songs are separated, by models of ours or by any other program.

Threads: the calling one, and processes of its own for several songs at a time.
May import: core, dsp, separation, audiofile, numpy; museval and matplotlib (extra [evaluation]).
Never: engine, Qt; imported by anything but its command, part of the packaged program.
"""
