"""Signal processing without a clock: transforms, ramps and mixing, limiter, meters, resampling.

Threads: any; objects with state belong to the thread that made them. `mixer`, `limiter` and `meter`
run in the audio callback: numpy alone, nothing allocated by size.
May import: core; numpy, scipy, soxr. Never: files, devices, Qt.
"""
