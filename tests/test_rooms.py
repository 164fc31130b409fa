"""The map of the rooms (docs/ARCHITECTURE.md): fails with file:line when a wall is broken."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "demixme"
MOST_LINES = 400
DOOR_PLATE_LINES = 12

#: Room -> rooms it may import; itself is always allowed.
ROOMS = {
    "core": set(),
    "dsp": {"core"},
    "audiofile": {"core", "dsp", "children"},
    "separation": {"core", "dsp", "resources"},  # it finds the models that ship
    "engine": {"core", "dsp", "separation"},
    "export": {"core", "dsp", "separation", "audiofile", "children", "textfile"},
    "evaluation": {"core", "dsp", "separation", "audiofile"},
    "training": {"core", "dsp", "separation", "audiofile"},
    "nulltest": {"core", "dsp", "separation", "audiofile", "engine", "export"},
    "children": set(),
    "resources": set(),
    "logs": {"resources"},
    "textfile": set(),
    "settings": {"core", "resources", "textfile"},
    "sessions": {"core", "resources", "textfile"},
    "messages": {"core"},
    "ui": {
        "core",
        "audiofile",
        "engine",
        "export",
        "settings",
        "sessions",
        "textfile",
        "resources",
        "messages",
        "logs",
    },
    "commands": {
        *("core", "dsp", "audiofile", "separation", "engine", "export", "nulltest"),
        *("settings", "resources", "messages", "logs", "children"),
    },
    "cli": {"core", "commands", "messages", "logs"},
    "__main__": {"cli", "audiofile", "commands"},
    "__init__": set(),
}
#: Rooms that only a function of these may import, when it is called: they need extras or Qt.
LAZY = {
    "commands": {"ui", "evaluation", "training"},
    "__init__": {"export"},
}
#: Third-party package -> the only rooms or files that may import it.
DOORS = {
    "numpy": {*ROOMS}
    - {"children", "resources", "logs", "settings", "messages", "__main__", "__init__"},
    "scipy": {"dsp", "evaluation", "training"},
    "soxr": {"dsp"},
    "soundfile": {"audiofile"},
    "mutagen": {"audiofile"},
    "av": {"audiofile", "training"},
    "onnxruntime": {"separation/session.py"},
    "sounddevice": {"engine/device.py"},
    "platformdirs": {"resources.py"},
    "PySide6": {"ui"},
    "pyqtgraph": {"ui"},
    "jeepney": {"ui/mpris.py"},
    "museval": {"evaluation"},
    "matplotlib": {"evaluation", "training"},
    "torch": {"training"},
    "onnx": {"training"},
    "lightning_fabric": {"training"},
    "distributed": {"commands/cluster.py"},
}
#: Of the engine the window sees only what it says about itself; the Engine sees ui/bridge.py.
UI_SEES_OF_ENGINE = ("demixme.engine.status",)

CALLBACK = "engine/callback.py"
CALLBACK_MAY_IMPORT = (
    *("__future__", "collections.abc", "dataclasses", "math", "typing", "numpy"),
    *("demixme.core", "demixme.dsp", "demixme.separation.stemstore"),
    *("demixme.engine.probe", "demixme.engine.transport", "demixme.engine.fade"),
    *("demixme.engine.source", "demixme.engine.volume"),
)
#: What nothing that the callback imports may import either.
MAY_BLOCK = {
    *("asyncio", "concurrent", "io", "logging", "multiprocessing", "os", "queue", "select"),
    *("shutil", "socket", "sqlite3", "subprocess", "tempfile", "threading", "urllib"),
    *(set(DOORS) - {"numpy"}),
}
CALLBACK_NEVER_CALLS = {"print", "open", "input", "acquire", "wait", "sleep", "join", "emit"}


@dataclass(frozen=True)
class Import:
    line: int
    name: str  # dotted, down to the imported name
    lazy: bool  # inside a function
    typing_only: bool

    @property
    def room(self) -> str | None:
        """The room of ours that is meant, None for packages of others."""
        top, _, rest = self.name.partition(".")
        return rest.split(".")[0] if top == "demixme" else None


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def label(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> tuple[Import, ...]:
    return tuple(_walk(ast.parse(path.read_text("utf-8")), path, False, False))


def _walk(node: ast.AST, path: Path, lazy: bool, typing_only: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for a in child.names:
                yield Import(child.lineno, a.name, lazy, typing_only)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{label(path)}:{child.lineno}: relative import"
            for a in child.names:
                yield Import(child.lineno, f"{child.module}.{a.name}", lazy, typing_only)
        else:
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            checking = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
            yield from _walk(child, path, lazy or function, typing_only or checking)


def within(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == p or name.startswith(p + ".") for p in prefixes)


# ---------------------------------------------------------------- walls
def broken_walls(path: Path) -> Iterator[str]:
    """Yield file:line and the wall, for each import that breaks one."""
    room = room_of(path)
    for i in imports(path):
        at = f"{label(path)}:{i.line}"
        if i.name == "demixme":
            continue
        if i.room is not None:
            yield from _broken_between_rooms(at, room, i)
            sees = within(i.name, UI_SEES_OF_ENGINE) or label(path) == "ui/bridge.py"
            if room == "ui" and i.room == "engine" and not sees:
                yield f"{at}: only ui/bridge.py may see {i.name}"
        elif (top := i.name.split(".")[0]) not in sys.stdlib_module_names:
            doors = DOORS.get(top, set())
            if room not in doors and label(path) not in doors:
                yield f"{at}: {top} may only be imported in {sorted(doors)}"


def _broken_between_rooms(at: str, room: str, i: Import) -> Iterator[str]:
    if i.room in {room, "__version__"}:
        return
    if i.room not in ROOMS:
        yield f"{at}: there is no room {i.room!r}"
    elif i.room in LAZY.get(room, set()):
        if not (i.lazy or i.typing_only):
            yield f"{at}: {room} may import {i.room} only inside the function that needs it"
    elif i.room not in ROOMS[room]:
        yield f"{at}: {room} may not import {i.room}"


def test_every_file_is_in_a_room_of_the_map() -> None:
    assert {room_of(p) for p in files()} <= set(ROOMS)


@pytest.mark.parametrize("path", files(), ids=label)
def test_imports_stay_in_their_rooms(path: Path) -> None:
    assert list(broken_walls(path)) == []


@pytest.mark.parametrize(
    ("place", "source", "broken"),
    [
        ("dsp/x.py", "from demixme.engine import status", "dsp may not import engine"),
        ("engine/x.py", "import soundfile", "soundfile may only"),
        ("engine/x.py", "import sounddevice", "sounddevice may only"),
        ("commands/x.py", "import demixme.ui.app", "only inside the function"),
        ("cli.py", "import demixme.ui.app", "cli may not import ui"),
        ("ui/x.py", "from demixme.engine.engine import Engine", "only ui/bridge.py"),
        ("core/x.py", "import requests", "requests may only"),
        ("dsp/x.py", "import demixme.common", "no room 'common'"),
        ("commands/x.py", "def window():\n    import demixme.ui.app", None),
        ("commands/x.py", "if TYPE_CHECKING:\n    import demixme.evaluation.scores", None),
        ("ui/x.py", "from demixme.engine.status import Status", None),
        ("engine/device.py", "def load():\n    import sounddevice", None),
    ],
)
def test_the_walls_hold(
    place: str, source: str, broken: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(source, "utf-8")
    found = list(broken_walls(path))
    if broken is None:
        assert found == []
    else:
        assert len(found) == 1
        assert f"{place}:1: " in found[0]
        assert broken in found[0]


def test_rooms_do_not_go_in_circles() -> None:
    TopologicalSorter(ROOMS).prepare()  # raises CycleError with the circle


def test_modules_do_not_import_in_circles() -> None:
    names = {
        ".".join(("demixme", *p.relative_to(PACKAGE).with_suffix("").parts)): p for p in files()
    }
    names = {n.removesuffix(".__init__"): p for n, p in names.items()}
    graph: dict[str, set[str]] = {}
    for name, path in names.items():
        wanted = (i.name for i in imports(path) if not i.lazy and not i.typing_only)
        found = (n if n in names else n.rpartition(".")[0] for n in wanted)
        graph[name] = {n for n in found if n in names and n != name}
    TopologicalSorter(graph).prepare()


def test_every_dependency_has_a_door() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    packages = {re.split(r"[<>=!~\[;-]", d)[0].strip() for d in project["dependencies"]}
    assert packages <= set(DOORS)


# ---------------------------------------------------------------- the callback
def test_callback_imports_only_its_few_helpers() -> None:
    path = PACKAGE / CALLBACK
    wrong = [i for i in imports(path) if not within(i.name, CALLBACK_MAY_IMPORT)]
    assert [f"{CALLBACK}:{i.line}: {i.name}" for i in wrong] == []


def test_nothing_the_callback_reaches_can_block() -> None:
    todo, seen, wrong = [PACKAGE / CALLBACK], set(), []
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        for i in imports(path):
            if i.lazy or i.typing_only:
                continue
            if i.name.split(".")[0] in MAY_BLOCK:
                wrong.append(f"{label(path)}:{i.line}: {i.name}")
            todo += _module_files(i.name)
    assert wrong == []


def _module_files(name: str) -> list[Path]:
    """Return the file of ours that a dotted import means; the last word may be a name inside it."""
    top, *rest = name.split(".")
    if top != "demixme":
        return []
    tries = (PACKAGE.joinpath(*rest), PACKAGE.joinpath(*rest[:-1]))
    return [p.with_suffix(".py") for p in tries if p.with_suffix(".py").is_file()][:1]


def test_callback_calls_nothing_that_waits() -> None:
    tree = ast.parse((PACKAGE / CALLBACK).read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            assert called not in CALLBACK_NEVER_CALLS, f"{CALLBACK}:{node.lineno}: {called}()"
        waits = ast.With | ast.AsyncWith | ast.Await | ast.Yield
        assert not isinstance(node, waits), f"{CALLBACK}:{getattr(node, 'lineno', 0)}: may wait"


# ---------------------------------------------------------------- plates and sizes
@pytest.mark.parametrize("room", sorted(p.parent.name for p in PACKAGE.glob("*/__init__.py")))
def test_door_plates(room: str) -> None:
    source = (PACKAGE / room / "__init__.py").read_text("utf-8")
    body = ast.parse(source).body
    assert len(source.splitlines()) <= DOOR_PLATE_LINES
    assert len(body) == 1, "a door plate is a docstring and nothing else"
    plate = ast.get_docstring(ast.parse(source))
    assert plate, f"{room} has no door plate"
    for word in ("Thread", "May import", "Never"):
        assert word.lower() in plate.lower(), f"the plate of {room} does not say: {word}"


def test_every_room_has_a_door() -> None:
    folders = {p.parent for p in files()} - {PACKAGE}
    assert [f.name for f in folders if not (f / "__init__.py").is_file()] == []


def test_no_module_grows_too_long() -> None:
    own = [p for d in ("demixme", "tests", "tools") for p in (REPOSITORY / d).rglob("*.py")]
    lines = {p: len(p.read_text("utf-8").splitlines()) for p in [*own, REPOSITORY / "dev.py"]}
    assert {str(p.relative_to(REPOSITORY)): n for p, n in lines.items() if n > MOST_LINES} == {}
