"""Levels, lengths and clocks: the only place where dB becomes gain and frames become minutes."""

import math

SILENCE_DB = -math.inf
FADER_TOP_DB = 10.0
FADER_BOTTOM_DB = -60.0
LOWEST_RATE_HZ = 8000
HIGHEST_RATE_HZ = 192000


def gain_from_db(level_db: float) -> float:
    """Return the linear gain of a level; exactly 1.0 for 0 dB and 0.0 for −inf."""
    if level_db == 0.0:
        return 1.0
    return 0.0 if level_db == SILENCE_DB else float(10.0 ** (level_db / 20.0))


def db_from_gain(gain: float) -> float:
    """Return the level of a linear gain (its sign ignored); −inf for 0."""
    return 20.0 * math.log10(abs(gain)) if gain else SILENCE_DB


def level_text(level_db: float) -> str:
    """Return a level as people write it: ``+2.5``, ``−6.2``, ``0.0``, ``−∞``."""
    if level_db == SILENCE_DB:
        return "−∞"
    rounded = round(level_db, 1) + 0.0
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    return f"{sign}{abs(rounded):.1f}"


def clock_text(seconds: float, tenths: bool = False) -> str:
    """Return a time as ``3:42``, ``1:02:03`` or, with `tenths`, ``1:07.3``; never rounded up."""
    total_tenths = int(max(0.0, seconds) * 10 + 1e-6)
    minutes, tenth = divmod(total_tenths, 600)
    hours, minutes = divmod(minutes, 60)
    text = f"{tenth // 10:02d}" + (f".{tenth % 10}" if tenths else "")
    return f"{hours}:{minutes:02d}:{text}" if hours else f"{minutes}:{text}"
