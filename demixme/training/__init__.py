"""Training: networks, data, augmentation, losses, the loop, export to ONNX.

Threads: its own process; the command line calls it. Needs the extra [training].
May import: core, dsp, separation, audiofile; torch, onnx, lightning_fabric, matplotlib, scipy.
Never: imported by anything but its command, never part of the packaged program.
"""
