"""The NoneBot2 plugin, loaded by one line: `nonebot.load_plugin("replygate_adapters.nonebot")`.

NoneBot goes on without a plugin that fails to load. So the guard stands before the adapters from
the first moment, shut; it opens when NoneBot starts, and what is wrong then keeps NoneBot from
starting.
"""

from __future__ import annotations

import nonebot
from nonebot.plugin import PluginMetadata

try:
    from replygate_adapters.nonebot2.guard import install
except ImportError as error:
    # Any lesser exception is logged and forgotten, and the bot would speak without a gate.
    raise SystemExit(f"replygate's plugin can not be loaded: {error}") from error

__plugin_meta__ = PluginMetadata(
    name="replygate",
    description="Every reply of the shop passes a gate, in time",
    usage='REPLYGATE_STORES="stores/" in .env',
    type="application",
)

install(nonebot.get_driver())
