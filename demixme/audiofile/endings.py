"""The endings of files that may be songs, for dialogs and folders; what is in a file decides."""

#: The usual ones first.
READABLE = (
    *("wav", "flac", "mp3", "m4a", "ogg", "opus", "aac", "aif", "aiff", "wma"),
    *("mp4", "m4b", "m4v", "mov", "webm", "mka", "mkv", "avi", "mpg", "mpeg", "ts", "flv", "3gp"),
    *("wv", "ape", "tta", "mpc", "ac3", "eac3", "dts", "spx", "oga", "caf", "au", "snd", "w64"),
    *("rf64", "bwf", "mp2", "tak", "dsf", "amr", "asf"),
)


def name_filter() -> str:
    """Return the endings as file dialogs write them: ``*.wav *.flac …``."""
    return " ".join(f"*.{ending}" for ending in READABLE)
