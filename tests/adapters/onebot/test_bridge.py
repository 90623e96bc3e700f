from __future__ import annotations

from pathlib import Path

from adapters.onebot.ends import proxy
from served import until


async def test_failures_name_the_store(tmp_path: Path) -> None:
    async with proxy(tmp_path, 'way = "forward-ws"\nurl = "ws://127.0.0.1:9/x"') as shop:
        await until(lambda: bool(shop.failed))
        task, error = shop.failed[0]
        assert task == "onebot implementation of one"
        assert str(error) == "the connection failed (ClientConnectorError)"
