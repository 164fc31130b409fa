"""How FFmpeg opens what a person calls a song: from this one file, in a container of sound."""

import os
from typing import Any

import av

#: Containers that hold sound in themselves; never one that names other files or addresses.
CONTAINERS = (
    "aa,aac,ac3,aiff,amr,ape,asf,au,avi,caf,dsf,dts,dtshd,eac3,flac,flv,iff,loas,matroska,mlp,mov,"
    "mp3,mpc,mpc8,mpeg,mpegts,nut,oga,ogg,oma,qoa,rm,rso,shn,sox,tak,truehd,tta,voc,w64,wav,webm,"
    "wv,wsd,xwma"
)


def open_container(path: str) -> Any:
    """Return the open container; raises `av.error.FFmpegError` and OSError. In a child only."""
    return av.open(
        os.path.abspath(path),
        metadata_errors="replace",
        container_options={"protocol_whitelist": "file", "format_whitelist": CONTAINERS},
    )
