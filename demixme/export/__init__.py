"""Export: remixes and stems as files, rendered from the same slots and mixer as live sound.

Threads: tasks, or whoever calls; every function may take minutes and takes progress and interrupt.
May import: core, dsp, separation, audiofile, numpy. Never: engine, Qt.
"""
