"""Every error has a sentence of its own: what happened, to which file, what to do."""

import errno
import string
from pathlib import Path
from types import SimpleNamespace

import pytest

from demixme import messages
from demixme.core import errors
from demixme.messages import sentence, set_translator

ARGUMENTS = {
    errors.FileError: (Path("folder") / "söng.wav", "a reason"),
    errors.ModelError: ("first", "a reason"),
    errors.DeviceError: ("Speakers", "a reason"),
    errors.InvalidParts: (("a", "a"), "b"),
    errors.UnknownPart: ("singer", ("bass", "vocals")),
    errors.InvalidValue: ("--gain", "99", "−60 … +10 dB"),
    errors.MissingExtra: ("demixme train", "training"),
    errors.NoWindow: ("no display",),
    errors.WorkerUnfit: ("0.1.0, first", "0.2.0, first"),
    errors.NoWorkers: ("tcp://here:8786",),
    errors.DemixError: (),
}


def family(kind: type) -> list[type]:
    return [kind, *(k for child in kind.__subclasses__() for k in family(child))]


ALL = family(errors.DemixError)


def make(kind: type[errors.DemixError], *arguments: object) -> errors.DemixError:
    base = next(k for k in kind.__mro__ if k in ARGUMENTS)
    return kind(*(arguments or ARGUMENTS[base]))


@pytest.fixture(autouse=True)
def _english():
    yield
    set_translator(None)


@pytest.mark.parametrize("kind", ALL, ids=lambda k: k.__name__)
def test_every_class_has_its_own_sentence(kind):
    assert kind in messages._SENTENCES
    text = sentence(make(kind))
    assert text[0] in string.ascii_uppercase + "“"
    assert text.endswith((".", "]'"))
    assert "{" not in text
    assert "  " not in text
    assert "\n" not in text


def test_no_two_errors_say_the_same():
    said = [sentence(make(kind)) for kind in ALL]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("kind", family(errors.FileError), ids=lambda k: k.__name__)
def test_file_errors_name_the_file_and_something_to_do(kind):
    assert "söng.wav" in sentence(make(kind))
    assert "söng.wav" in sentence(make(kind), short=True)
    assert sentence(make(kind)).count(".") >= 2  # the file's dot, and two sentences or more


@pytest.mark.parametrize("kind", family(errors.ModelError), ids=lambda k: k.__name__)
def test_model_errors_name_the_model_and_why(kind):
    assert "“first”" in sentence(make(kind))
    assert "(a reason)" in sentence(make(kind))
    assert "()" not in sentence(make(kind, "first", ""))


def test_a_path_is_shown_as_given_or_by_its_name():
    error = errors.FileMissing(Path("a") / "b.mp3")
    assert str(Path("a") / "b.mp3") in sentence(error)
    assert str(Path("a") / "b.mp3") not in sentence(error, short=True)
    assert "b.mp3" in sentence(error, short=True)


def test_a_name_that_cannot_be_shown_stays_on_one_line():
    text = sentence(errors.FileMissing("two\nlines\x1b[31m\udcff.wav"))
    assert text.isprintable()
    text.encode("utf-8")


def test_braces_in_names_are_no_fields():
    assert "{name}.wav" in sentence(errors.FileMissing("{name}.wav"))


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOENT, errors.FileMissing),
        (errno.ENOSPC, errors.DiskFull),
        (errno.EACCES, errors.FileUnreadable),
        (errno.EROFS, errors.CannotWrite),
    ],
)
def test_the_systems_errors_say_what_ours_say(number, kind):
    error = OSError(number, "why", str(Path("a") / "b.wav"))
    assert sentence(error) == sentence(kind(Path("a") / "b.wav", "why"))


def test_anything_else_is_named_without_a_traceback():
    text = sentence(ZeroDivisionError("division by zero"))
    assert "ZeroDivisionError: division by zero" in text
    assert "Traceback" not in text
    assert "memory" in sentence(MemoryError())
    assert sentence(KeyboardInterrupt()).startswith("Stopped")
    assert "a cable" in sentence(OSError(5, "a cable"))


def test_a_subclass_nobody_wrote_a_sentence_for_speaks_as_its_parent():
    class Odd(errors.NotAudio):
        pass

    assert sentence(Odd("x.wav")) == sentence(errors.NotAudio("x.wav"))


def test_a_translator_gets_every_template_and_the_fields_are_filled_after_it():
    asked = []

    def spanish(context, text):
        asked.append((context, text))
        return "No existe {file}."

    set_translator(spanish)
    assert sentence(errors.FileMissing("x.wav")) == "No existe x.wav."
    assert asked == [("errors", messages._SENTENCES[errors.FileMissing])]
    set_translator(None)
    assert sentence(errors.FileMissing("x.wav")).startswith("There is no file")


def test_messages_import_no_qt():
    source = Path(messages.__file__).read_text("utf-8")
    assert "PySide6" not in source


def test_remarks_say_what_is_special_about_a_file():
    plain = dict(rate=44100, file_rate=44100, gain_db=0.0, clipped_frames=0)
    made = SimpleNamespace(**plain, is_rf64=False, tags_lost=False)
    assert messages.remarks(made, "WAV") == []
    made.file_rate, made.gain_db, made.clipped_frames = 48000, -3.6, 7
    made.is_rf64 = made.tags_lost = True
    said = messages.remarks(made, "Opus", common_gain=True)
    assert len(said) == 5
    assert "Opus cannot hold 44100 Hz" in said[0]
    assert "3.6 dB lower" in said[1]
    assert len(messages.remarks(made, "Opus")) == 4
