"""DemixME: play a finished song and remix its parts while it plays."""

from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "separate"]


def __getattr__(name: str) -> Any:
    # `demixme.separate` is loaded when asked for: importing the package must stay free.
    if name == "separate":
        from demixme.export.separate import separate

        return separate
    raise AttributeError(f"module 'demixme' has no attribute {name!r}")
