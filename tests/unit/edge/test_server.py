import asyncio
import socket

import grpc
import pytest

from firebreak.edge.envoy.options import MESSAGE_ROOM_BYTES
from firebreak.edge.probe import serving
from firebreak.edge.server import Server
from firebreak.local.stack import free_port
from firebreak.model.errors import BadConfig


def echo_handler(started, release):
    async def echo(request, context):
        started.set()
        await release.wait()
        return request

    return grpc.method_handlers_generic_handler("test.Echo", {"Echo": grpc.unary_unary_rpc_method_handler(echo)})


async def test_health_follows_readiness(tmp_path):
    address = f"unix:{tmp_path}/a.sock"
    server = Server(address, [], 1024)
    await server.start()
    assert not await asyncio.to_thread(serving, address, 2.0)
    await server.set_ready(ready=True)
    assert await asyncio.to_thread(serving, address, 2.0)
    await server.stop(0)
    assert not await asyncio.to_thread(serving, address, 0.2)


async def test_stopping_lets_calls_in_flight_finish(tmp_path):
    started, release = asyncio.Event(), asyncio.Event()
    server = Server(f"unix:{tmp_path}/a.sock", [echo_handler(started, release)], 1024)
    await server.start()
    async with grpc.aio.insecure_channel(f"unix:{tmp_path}/a.sock") as channel:
        call = asyncio.ensure_future(channel.unary_unary("/test.Echo/Echo", None, None)(b"x"))
        await started.wait()
        stopping = asyncio.ensure_future(server.stop(5))
        await asyncio.sleep(0.05)
        assert not call.done()
        release.set()
        assert await call == b"x"
        await stopping


@pytest.mark.parametrize(("size", "fits"), [(1024, True), (1024 + MESSAGE_ROOM_BYTES + 1024, False)])
async def test_a_message_over_the_limit_is_refused_by_grpc_itself(tmp_path, size, fits):
    release = asyncio.Event()
    release.set()
    server = Server(f"unix:{tmp_path}/a.sock", [echo_handler(asyncio.Event(), release)], 1024)
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"unix:{tmp_path}/a.sock") as channel:
            call = channel.unary_unary("/test.Echo/Echo", None, None)
            if fits:
                assert len(await call(b"x" * size)) == size
            else:
                with pytest.raises(grpc.aio.AioRpcError) as error:
                    await call(b"x" * size)
                assert error.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    finally:
        await server.stop(0)


async def test_the_socket_of_a_living_service_is_not_taken(tmp_path):
    address = f"unix:{tmp_path}/a.sock"
    server = Server(address, [], 1024)
    await server.start()
    await server.set_ready(ready=True)
    with pytest.raises(BadConfig, match="another process listens"):
        Server(address, [], 1024)
    assert await asyncio.to_thread(serving, address, 2.0)
    await server.stop(0)


async def test_what_a_kill_left_is_in_nobodys_way(tmp_path):
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(f"{tmp_path}/a.sock")
    server = Server(f"unix:{tmp_path}/a.sock", [], 1024)
    await server.start()
    await server.stop(0)


async def test_a_port_is_shared_with_workers_of_one_service_only(tmp_path):
    address = f"127.0.0.1:{free_port()}"
    servers = [Server(address, [], 1024, private=f"unix:{tmp_path}/{number}.sock") for number in range(2)]
    with pytest.raises(BadConfig, match="nothing can listen"):
        Server(address, [], 1024)
    for server in servers:
        await server.start()
    await servers[1].set_ready(ready=True)
    ready = [await asyncio.to_thread(serving, f"unix:{tmp_path}/{number}.sock", 2.0) for number in range(2)]
    assert ready == [False, True]
    for server in servers:
        await server.stop(0)
