"""Renders complete songs with four stems from free voices, instruments, drum kits and scores.

Runs beside the program, never within it; needs the extra [rendering] and, from the system,
FluidSynth, sound fonts and Hydrogen's drum kits (docs/TRAINING.md).
"""
