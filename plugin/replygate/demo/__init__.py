"""The demonstration: a simulated platform with buyers, a careless bot, and the gate between them.

The bot is a real NoneBot2, the gate a real `replygate serve`, each a process of its own; they talk
OneBot v11 over loopback sockets, as they would elsewhere.
"""
