import pytest

from firebreak.adapters.certificate_dir import MAX_FILE_BYTES, CertificateDir
from firebreak.adapters.certificates import Pair, make
from firebreak.model.errors import BadConfig

NAME, NOW_S, DAY_S = "injector.firebreak.svc", 1_790_000_000.0, 86_400.0
FIRST, SECOND = (make(NAME, NOW_S, 90 * DAY_S)[0] for _ in range(2))


def written(folder, pair):
    (folder / "tls.crt").write_bytes(pair.certificate)
    (folder / "tls.key").write_bytes(pair.key)


@pytest.fixture
def watched(tmp_path):
    used: list[Pair] = []
    now = [NOW_S]
    return CertificateDir(tmp_path, NAME, used.append, lambda: now[0]), used, now


async def test_a_certificate_is_used_once_and_again_when_it_changes(watched, tmp_path) -> None:
    directory, used, _ = watched
    assert (directory.not_ready, directory.ends_s) == ("no certificate yet", 0.0)
    await directory.refresh()
    assert "tls.crt: it cannot be read (FileNotFoundError)" in directory.not_ready
    written(tmp_path, FIRST)
    await directory.refresh()
    await directory.refresh()
    assert (used, directory.not_ready, directory.problem) == ([FIRST], "", "")
    written(tmp_path, SECOND)
    await directory.refresh()
    assert used == [FIRST, SECOND]
    assert directory.ends_s == NOW_S + 90 * DAY_S


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("tls.key", SECOND.key, "the key is not the certificate's"),
        ("tls.crt", b"x", "cannot be read"),
        ("tls.crt", b"x" * (MAX_FILE_BYTES + 1), "larger than"),
    ],
)
async def test_half_a_change_leaves_the_one_before(watched, tmp_path, name, content, words) -> None:
    directory, used, _ = watched
    written(tmp_path, FIRST)
    await directory.refresh()
    (tmp_path / name).write_bytes(content)
    await directory.refresh()
    assert used == [FIRST]
    assert directory.not_ready == ""
    assert words in directory.problem


async def test_one_that_has_ended_is_not_ready(watched, tmp_path) -> None:
    directory, _, now = watched
    written(tmp_path, FIRST)
    await directory.refresh()
    now[0] += 90 * DAY_S
    assert directory.not_ready.startswith("the certificate has ended")


async def test_one_that_the_server_cannot_use_is_not_in_use(tmp_path) -> None:
    def refuse(_):
        raise BadConfig("certificate", "not this one")

    directory = CertificateDir(tmp_path, "", refuse, lambda: NOW_S)
    written(tmp_path, FIRST)
    await directory.refresh()
    assert directory.not_ready == "certificate: not this one"
