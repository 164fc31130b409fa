"""Audio files: any song to stereo blocks, blocks to files that are whole or not there at all.

Threads: tasks; every function may block on the disk. FFmpeg (PyAV) reads in child processes only:
`childdecoding`, `childdigest`.
May import: core, dsp, children, numpy, soundfile, mutagen, av. Never: separation, engine, Qt.
"""
