"""The networks that can be trained: the seed's own and the default one.

Thread: the trainer's. May import: core, torch. Never: data, files, the loop.
"""
