"""Channels: how people reach Medvind. Each turns what arrives into ``Inbound`` and ``Outbound`` into what it shows."""
