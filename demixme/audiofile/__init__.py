"""Audio files: any song to stereo blocks, blocks to files that are whole or not there at all.

Threads: tasks; every function may block on the disk.
May import: core, dsp, numpy, soundfile, mutagen, av. Never: separation, engine, Qt.
"""
