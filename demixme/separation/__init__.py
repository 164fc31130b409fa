"""Separation: from a song's mixture to its parts, on a grid of calls fixed in song time.

Thread: a session is made and run on the worker thread; slots are read by any.
May import: core, dsp, numpy; onnxruntime in `session.py` alone, and only when a model is loaded.
Never: files of songs, devices, Qt; state that changes a result with the order of calls.
"""
