"""Song collections on disk, their packing into memory maps, and the mixes made from them.

Threads: the trainer's loader processes. May import: core, audiofile; numpy, scipy. Never: networks.
"""
