"""Telegram: private chats with one bot. Knows its wire, its limits and its screens, and nothing of dialogues."""
