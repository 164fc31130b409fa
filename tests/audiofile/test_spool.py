import errno
import os

import numpy as np
import pytest

from demixme.audiofile.spool import Spool
from demixme.core.errors import CannotWrite, DiskFull


@pytest.mark.parametrize("shape", [(1,), (2,), (3, 2)])
def test_what_was_written_is_read_as_often_as_one_likes(tmp_path, shape):
    x = np.random.default_rng(0).standard_normal((5000, *shape)).astype(np.float32)
    with Spool(tmp_path / "a.wav", shape) as spool:
        for at in range(0, len(x), 777):
            spool.write(x[at : at + 777])
        assert len(os.listdir(tmp_path)) == 1
        for _ in range(2):
            np.testing.assert_array_equal(np.concatenate(list(spool.blocks(1234))), x)
    assert os.listdir(tmp_path) == []


def test_no_folder_and_a_full_disk(tmp_path):
    with pytest.raises(CannotWrite):
        Spool(tmp_path / "no" / "a.wav", (2,))
    with Spool(tmp_path / "a.wav", (2,)) as spool:

        class Full:
            def write(self, data):
                raise OSError(errno.ENOSPC, "full")

            close = spool._file.close
            seek = spool._file.seek

        spool._file = Full()
        with pytest.raises(DiskFull):
            spool.write(np.zeros((10, 2), np.float32))
    assert os.listdir(tmp_path) == []
