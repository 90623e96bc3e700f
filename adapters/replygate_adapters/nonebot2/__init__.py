"""What the NoneBot2 plugin is made of; `replygate_adapters.nonebot` is the plugin."""
