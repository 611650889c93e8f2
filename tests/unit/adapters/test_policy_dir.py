import asyncio
import os
import time
from collections.abc import Iterator

import pytest

from firebreak.adapters.policy_dir import MAX_FILE_BYTES, PolicyDir, PolicySource
from firebreak.model.errors import BadConfig

POLL_S = 0.02


class ConfigMap:
    """A directory as the kubelet mounts it: files are links into `..data`, which is swapped for each version."""

    def __init__(self, root):
        self.root = root
        self.version = 0
        root.mkdir()

    def mount(self, **files):
        self.version += 1
        fresh = self.root / f"..2026_{self.version}"
        fresh.mkdir()
        for name, text in files.items():
            (fresh / f"{name}.yaml").write_text(text)
            if not (self.root / f"{name}.yaml").is_symlink():
                (self.root / f"{name}.yaml").symlink_to(f"..data/{name}.yaml")
        (self.root / "..data_tmp").symlink_to(fresh.name)
        (self.root / "..data_tmp").replace(self.root / "..data")


class Holder:
    """Keeps the last text that is acceptable, as the service does; `bad` anywhere in it is not."""

    def __init__(self, policies):
        self.policies = policies
        self.taken, self.errors = [], []

    async def accept(self, source):
        if "bad" in source.text:
            raise BadConfig(source.file, "it is bad")
        self.taken.append(source.text)

    async def until(self, holds):
        async with asyncio.timeout(10):
            while not holds():  # noqa: ASYNC110 - what is awaited is a state of the file system and of lists
                await asyncio.sleep(POLL_S)

    async def __aenter__(self):
        self.task = asyncio.create_task(self.policies.watch(self.accept, self.errors.append))
        return self

    async def __aexit__(self, *_):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


def quick(directory, **fields):
    return PolicyDir(directory, poll_s=POLL_S, settle_s=POLL_S, **fields)


def refusal(policies):
    with pytest.raises(BadConfig) as caught:
        policies.read()
    return caught.value


def test_the_one_policy_of_a_mounted_configmap_is_read(tmp_path):
    mounted = ConfigMap(tmp_path / "policy")
    mounted.mount(policy="text")
    assert PolicyDir(mounted.root).read() == PolicySource(str(mounted.root / "policy.yaml"), "text")


def test_one_of_several_must_be_named(tmp_path):
    (tmp_path / "a.yaml").write_text("A")
    (tmp_path / "b.yaml").write_text("B")
    (tmp_path / "c.yaml").mkdir()
    error = refusal(PolicyDir(tmp_path))
    assert error.problem == "the directory holds 2 policies"
    assert error.mend.endswith("a.yaml, b.yaml")
    assert PolicyDir(tmp_path, "b.yaml").read().text == "B"


@pytest.mark.parametrize("files", [(), (".hidden.yaml",), ("policy.yml",)])
def test_a_directory_without_a_policy_says_so(tmp_path, files):
    for name in files:
        (tmp_path / name).write_text("x")
    assert refusal(PolicyDir(tmp_path)).problem == "the directory holds no policy"


@pytest.mark.parametrize("name", ["../secret.yaml", "/etc/passwd", "..", "a/b.yaml"])
def test_a_name_cannot_lead_out_of_the_directory(tmp_path, name):
    assert "not the name of a file" in refusal(PolicyDir(tmp_path, name)).problem


def test_a_link_cannot_lead_out_of_the_directory(tmp_path):
    (tmp_path / "secret").write_text("secret")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / "policy.yaml").symlink_to("../secret")
    assert refusal(PolicyDir(inside)).problem == "the policy lies outside its directory"


def test_links_that_lead_in_a_circle_are_refused(tmp_path):
    (tmp_path / "policy.yaml").symlink_to("policy.yaml")
    assert "ELOOP" in refusal(PolicyDir(tmp_path)).problem


def test_a_pipe_in_the_place_of_a_file_does_not_hold_us_up(tmp_path):
    os.mkfifo(tmp_path / "policy.yaml")
    assert refusal(PolicyDir(tmp_path)).problem == "the policy is not a plain file"


def test_size_is_bounded(tmp_path):
    (tmp_path / "policy.yaml").write_bytes(b"#" * MAX_FILE_BYTES)
    assert len(PolicyDir(tmp_path).read().text) == MAX_FILE_BYTES
    (tmp_path / "policy.yaml").write_bytes(b"#" * (MAX_FILE_BYTES + 1))
    assert "larger than" in refusal(PolicyDir(tmp_path)).problem


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "policy.yaml").write_bytes(b"\xff\xfe")
    assert refusal(PolicyDir(tmp_path)).problem == "the policy is not valid UTF-8"


def test_a_directory_that_is_not_there_says_so(tmp_path):
    assert "ENOENT" in refusal(PolicyDir(tmp_path / "none")).problem
    assert "ENOENT" in refusal(PolicyDir(tmp_path, "policy.yaml")).problem


def test_a_file_that_cannot_be_opened_says_so(tmp_path):
    # A directory in the file's place: unlike permission bits, this stops root too.
    (tmp_path / "policy.yaml").mkdir()
    assert refusal(PolicyDir(tmp_path, "policy.yaml")).problem == "the policy cannot be read (EISDIR)"


async def test_a_swapped_link_is_taken_at_once_and_in_under_two_seconds(tmp_path):
    mounted = ConfigMap(tmp_path / "policy")
    mounted.mount(policy="one")
    policies = PolicyDir(mounted.root)
    async with Holder(policies) as holder:
        await holder.until(lambda: holder.taken == ["one"])
        mounted.mount(policy="two")
        began = time.monotonic()
        await holder.until(lambda: holder.taken == ["one", "two"])
    assert policies.poll_s + policies.settle_s < 2
    assert time.monotonic() - began < 10
    assert holder.errors == []


async def test_what_is_in_force_is_not_taken_again(tmp_path):
    (tmp_path / "policy.yaml").write_text("one")
    policies = quick(tmp_path)
    async with Holder(policies) as holder:
        await holder.until(lambda: holder.taken)
        (tmp_path / "policy.yaml").touch()
        await asyncio.sleep(5 * POLL_S)
        (tmp_path / "policy.yaml").write_text("two")
        await holder.until(lambda: len(holder.taken) > 1)
    assert holder.taken == ["one", "two"]


async def test_reload_is_all_or_nothing(tmp_path):
    mounted = ConfigMap(tmp_path / "policy")
    mounted.mount(policy="one")
    policies = quick(mounted.root)
    async with Holder(policies) as holder:
        await holder.until(lambda: holder.taken)
        mounted.mount(policy="bad")
        await holder.until(lambda: holder.errors)
        await asyncio.sleep(5 * POLL_S)
        assert (holder.taken, [error.problem for error in holder.errors]) == (["one"], ["it is bad"])
        mounted.mount(policy="two")
        await holder.until(lambda: holder.taken == ["one", "two"])
    assert len(holder.errors) == 1


async def test_a_deleted_policy_is_reported_once_and_its_return_is_taken(tmp_path):
    policy = tmp_path / "policy.yaml"
    policy.write_text("one")
    policies = quick(tmp_path)
    async with Holder(policies) as holder:
        await holder.until(lambda: holder.taken)
        policy.unlink()
        await holder.until(lambda: holder.errors)
        await asyncio.sleep(5 * POLL_S)
        policy.write_text("one")
        await holder.until(lambda: holder.taken == ["one", "one"])
    assert [error.problem for error in holder.errors] == ["the directory holds no policy"]


async def test_a_policy_that_is_bad_from_the_start_is_told_once(tmp_path):
    (tmp_path / "policy.yaml").write_text("bad")
    async with Holder(quick(tmp_path)) as holder:
        await holder.until(lambda: holder.errors)
        await asyncio.sleep(5 * POLL_S)
    assert (holder.taken, len(holder.errors)) == ([], 1)


class Growing(PolicyDir):
    """A file that grows with each of its first readings, as one that is being written does."""

    __slots__ = ()
    texts: Iterator[str] = iter(())

    def read(self):
        return PolicySource("policy.yaml", next(self.texts, "the whole policy"))


async def test_half_a_file_is_not_taken_for_a_policy(tmp_path):
    policies = Growing(tmp_path, poll_s=POLL_S, settle_s=POLL_S)
    Growing.texts = iter(["the", "the whole", "the whole pol", "the whole polic"])
    async with Holder(policies) as holder:
        await holder.until(lambda: holder.taken)
    assert holder.taken == ["the whole policy"]
