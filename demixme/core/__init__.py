"""Core: what a song, a part, a mix and an error are.

Threads: any; everything here is immutable or has one writer, named in its docstring.
May import: numpy and the standard library. Never: files, devices, networks, Qt.
"""
