"""Engine: plays a song and its remix, and keeps separation ahead of the play head.

Threads: gui calls `Engine`; audio runs `callback.py`; one worker separates; one device thread talks
to PortAudio; a task decodes. Every function names its thread.
May import: core, dsp, separation, numpy; sounddevice in `device.py` alone.
Never: files of songs (a decoder is handed in), Qt; the callback never locks, waits, logs or raises.
"""
