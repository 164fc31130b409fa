"""The sentence for every error: what happened, to which file, what to do.

For window and command line alike; imports no Qt. The literals are marked for
lupdate by `QT_TRANSLATE_NOOP`; the window hands in a translator, the command line stays English.
"""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

from demixme.core import errors

Translator = Callable[[str, str], str]

CONTEXT = "errors"
_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:
    """Mark a literal for translation and return it as it is."""
    return text


def _english(context: str, text: str) -> str:
    return text


_translate: Translator = _english

#: One sentence a class; `{file}` is the name or path, `{folder}` the folder it lies in, `{why}` the
#: reason in brackets or nothing, the rest are the error's own fields.
_SENTENCES: dict[type[BaseException], str] = {
    errors.DemixError: QT_TRANSLATE_NOOP(
        "errors", "Something did not work{why}. The log file says more; “demixme doctor” names it."
    ),
    errors.Cancelled: QT_TRANSLATE_NOOP("errors", "Stopped; nothing was left half done."),
    # ------------------------------------------------------------ files
    errors.FileError: QT_TRANSLATE_NOOP(
        "errors", "There is a problem with “{file}”{why}. Try another copy of the file."
    ),
    errors.FileMissing: QT_TRANSLATE_NOOP(
        "errors", "There is no file “{file}”. It may have been moved or renamed: choose it again."
    ),
    errors.FileUnreadable: QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” cannot be opened{why}. Check that it is a file and that you may read it.",
    ),
    errors.NotAudio: QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” is not audio that DemixME can read, or it is damaged. "
        "WAV, FLAC, MP3, M4A, OGG, Opus, AIFF, WMA and the sound of videos work.",
    ),
    errors.FileEmpty: QT_TRANSLATE_NOOP(
        "errors", "“{file}” holds no sound at all. Try another copy of the song."
    ),
    errors.FileTruncated: QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” breaks off early or is damaged. What is there can be played and exported; "
        "get another copy for the rest.",
    ),
    errors.UnsupportedAudio: QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” is audio of a kind DemixME cannot play{why}. Convert it to a WAV or FLAC first.",
    ),
    errors.CannotWrite: QT_TRANSLATE_NOOP(
        "errors", "“{file}” cannot be written in “{folder}”{why}. Choose another folder."
    ),
    errors.DiskFull: QT_TRANSLATE_NOOP(
        "errors",
        "There is no room left in “{folder}” for “{file}”. "
        "Free some space or choose another folder.",
    ),
    errors.FileExists: QT_TRANSLATE_NOOP(
        "errors", "“{file}” is there already. Choose another name, or say that it may be replaced."
    ),
    errors.SessionDamaged: QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” is not a session of DemixME, or it is damaged. Open the song itself instead.",
    ),
    errors.SessionTooNew: QT_TRANSLATE_NOOP(
        "errors",
        "“{file}” was made by a newer DemixME{why}. Install the newest version to open it.",
    ),
    # ------------------------------------------------------------ parts and models
    errors.InvalidParts: QT_TRANSLATE_NOOP(
        "errors",
        "These parts cannot be mixed: {names}. "
        "There must be 2 to 8 different names, one of which is the rest.",
    ),
    errors.UnknownPart: QT_TRANSLATE_NOOP(
        "errors", "This song has no part called “{name}”. Its parts are {known}."
    ),
    errors.ModelError: QT_TRANSLATE_NOOP(
        "errors", "There is a problem with the model “{name}”{why}. Choose another model."
    ),
    errors.ModelMissing: QT_TRANSLATE_NOOP(
        "errors",
        "There is no model “{name}”{why}. “demixme models” lists the models that are here.",
    ),
    errors.ModelCorrupt: QT_TRANSLATE_NOOP(
        "errors",
        "The model “{name}” cannot be read{why}. Copy the .onnx file and its .json again, "
        "or choose another model.",
    ),
    errors.ModelMismatch: QT_TRANSLATE_NOOP(
        "errors",
        "The model “{name}” and its .json file do not belong together{why}. "
        "Put the right .json file beside it, or choose another model.",
    ),
    errors.SeparationFailed: QT_TRANSLATE_NOOP(
        "errors",
        "The model “{name}” failed while separating{why}. Try again or choose another model.",
    ),
    # ------------------------------------------------------------ devices
    errors.DeviceError: QT_TRANSLATE_NOOP(
        "errors", "There is a problem with the output {device}{why}. Choose another output."
    ),
    errors.NoDevice: QT_TRANSLATE_NOOP(
        "errors",
        "There is no sound output{why}. Plug one in and try again; "
        "separating and exporting work without.",
    ),
    errors.DeviceRefused: QT_TRANSLATE_NOOP(
        "errors",
        "The output {device} would not open{why}. Close other programs that use it, "
        "or choose another output.",
    ),
    errors.DeviceLost: QT_TRANSLATE_NOOP(
        "errors", "The output {device} is gone. Plug it in again or choose another output."
    ),
    # ------------------------------------------------------------ use
    errors.InvalidValue: QT_TRANSLATE_NOOP(
        "errors", "“{value}” is not a value for {what}. It may be {allowed}."
    ),
    errors.MissingExtra: QT_TRANSLATE_NOOP(
        "errors",
        "“{command}” needs more packages. Install them with: pip install 'demixme[{extra}]'",
    ),
    errors.WorkerUnfit: QT_TRANSLATE_NOOP(
        "errors",
        "A worker has {here}, but {wanted} is asked for. "
        "Install the same DemixME and the same model on every machine.",
    ),
    errors.WorkerDied: QT_TRANSLATE_NOOP(
        "errors",
        "The process that worked on “{file}” died again and again{why}. "
        "There may not be enough memory: try fewer jobs at once.",
    ),
    errors.NoWorkers: QT_TRANSLATE_NOOP(
        "errors",
        "No worker of the cluster “{address}” answers{why}. Start workers and run it again: "
        "finished songs are not done twice.",
    ),
    errors.NoWindow: QT_TRANSLATE_NOOP(
        "errors",
        "No window can be opened here{why}. The commands work without one: “demixme --help”.",
    ),
    # ------------------------------------------------------------ from Python and the system
    KeyboardInterrupt: QT_TRANSLATE_NOOP("errors", "Stopped; nothing was left half done."),
    MemoryError: QT_TRANSLATE_NOOP(
        "errors", "There is not enough memory. Close other programs or try a shorter song."
    ),
    OSError: QT_TRANSLATE_NOOP(
        "errors", "The system says no{why}. Check the file and its folder, then try again."
    ),
    BaseException: QT_TRANSLATE_NOOP(
        "errors",
        "Something went wrong inside DemixME{why}. The log file says more; "
        "“demixme doctor” names it.",
    ),
}


#: What there is to say about a file that was written.
_REMARKS = {
    "rate": QT_TRANSLATE_NOOP("errors", "{kind} cannot hold {rate} Hz; it is written at {to} Hz."),
    "gain": QT_TRANSLATE_NOOP("errors", "The loudest would clip, so all are {by} dB lower."),
    "clipped": QT_TRANSLATE_NOOP("errors", "{n} frames were too loud and are clipped."),
    "rf64": QT_TRANSLATE_NOOP("errors", "It is too long for a WAV: it is an RF64, without tags."),
    "tags": QT_TRANSLATE_NOOP("errors", "The song's tags could not be written."),
}


def remarks(made: Any, kind: str, common_gain: bool = False) -> list[str]:
    """Return a sentence for all that is special about an exported file of the format `kind`.

    `made` is an `export.remix.RemixFile` or, with `common_gain`, an `export.stems.StemFiles`.
    """
    said = {
        "rate": made.file_rate != made.rate,
        "gain": common_gain and made.gain_db < 0,
        "clipped": made.clipped_frames > 0,
        "rf64": made.is_rf64,
        "tags": made.tags_lost,
    }
    fields = {
        "kind": kind,
        "rate": made.rate,
        "to": made.file_rate,
        "by": f"{-made.gain_db:.1f}",
        "n": made.clipped_frames,
    }
    return [
        _translate(CONTEXT, _REMARKS[key]).format_map(fields)
        for key, is_so in said.items()
        if is_so
    ]


def set_translator(translator: Translator | None) -> None:
    """Take the window's translator, `fn(context, text) -> text`; None goes back to English."""
    global _translate
    _translate = translator or _english


def sentence(error: BaseException, short: bool = False) -> str:
    """Return what to tell a person about an error: one paragraph, no traceback.

    With `short` a file is called by its name alone, as a window that shows the song would do.
    """
    error = _in_our_words(error)
    template = next(_SENTENCES[kind] for kind in type(error).__mro__ if kind in _SENTENCES)
    return _translate(CONTEXT, template).format_map(_fields(error, short))


def _in_our_words(error: BaseException) -> BaseException:
    """Return the typed error that says the same as the system's error, where there is one."""
    if not isinstance(error, OSError) or not isinstance(error.filename, str | bytes | Path):
        return error
    name = error.filename
    path = name.decode(errors="replace") if isinstance(name, bytes) else name
    reason = error.strerror or ""
    if isinstance(error, FileNotFoundError):
        return errors.FileMissing(path, reason)
    if error.errno in _FULL:
        return errors.DiskFull(path, reason)
    if error.errno == errno.EROFS:
        return errors.CannotWrite(path, reason)
    return errors.FileUnreadable(path, reason)


def _fields(error: BaseException, short: bool) -> dict[str, str]:
    fields = {name: _shown(value) for name, value in vars(error).items()}
    if isinstance(error, errors.FileError):
        written = isinstance(error, errors.CannotWrite) and not isinstance(error, errors.FileExists)
        fields["file"] = _shown(error.path.name if short or written else error.path)
        fields["folder"] = _shown(error.path.parent)
    if isinstance(error, errors.DeviceError):
        fields["device"] = f"“{_shown(error.device)}”" if error.device else "chosen"
    reason = _reason(error)
    fields["why"] = f" ({reason})" if reason else ""
    return fields


def _reason(error: BaseException) -> str:
    if isinstance(error, errors.DemixError):
        text = getattr(error, "reason", "") or ("" if vars(error) else str(error))
    elif isinstance(error, OSError):
        text = error.strerror or str(error)
    elif str(error):
        text = f"{type(error).__name__}: {error}"
    else:
        text = type(error).__name__
    return _shown(text).strip().rstrip(".")[:300]


def _shown(value: Any) -> str:
    """Return a value on one line, with what cannot be shown replaced."""
    if isinstance(value, tuple | list):
        return ", ".join(_shown(v) for v in value)
    text = " ".join(str(value).split()) if not isinstance(value, Path) else str(value)
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
