"""What can be written of a song part by part, and under which names."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from demixme.core.errors import InvalidValue, UnknownPart
from demixme.core.parts import Parts
from demixme.export.names import filled

VOCALS = "vocals"
#: All but the vocals, where there are any: offered beside the parts.
INSTRUMENTAL = "instrumental"
TEMPLATE = "{song}/{part}"


def stem_names(parts: Parts) -> tuple[str, ...]:
    """Return what can be written of a song: its parts, and ``instrumental`` if it has vocals."""
    names = parts.mixer_order
    some_are_left = VOCALS in names and INSTRUMENTAL not in names and len(names) > 2
    return (*names, INSTRUMENTAL) if some_are_left else names


def wanted_stems(parts: Parts, only: Iterable[str] | None) -> tuple[str, ...]:
    """Return the chosen ones in their order, all parts for None; UnknownPart, InvalidValue."""
    if only is None:
        return parts.mixer_order
    chosen, known = tuple(only), stem_names(parts)
    for name in chosen:
        if name not in known:
            raise UnknownPart(name, known)
    if not chosen:
        raise InvalidValue("parts", "", ", ".join(known))
    return tuple(p for p in known if p in chosen)


def stem_paths(
    folder: Path | str,
    song: Path | str,
    parts: Parts,
    container: str,
    template: str = TEMPLATE,
    values: Mapping[str, str] | None = None,
) -> dict[str, Path]:
    """Return ``<folder>/<song>/<part>.<container>`` by the names of `stem_names`."""
    taken: set[str] = set()
    paths = {}
    for part in stem_names(parts):
        fields = {"song": Path(song).stem, **(values or {}), "part": part}
        plain = path = Path(folder) / filled(template, fields)
        number = 2
        while str(path).casefold() in taken:
            path, number = plain.with_name(f"{plain.name} {number}"), number + 1
        taken.add(str(path).casefold())
        paths[part] = path.with_name(f"{path.name}.{container}")
    return paths
