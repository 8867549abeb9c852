"""The texts of Medvind in every language: the catalogues, the way texts get there, and their checks."""

from bot.catalogs.catalogs import Catalogs

__all__ = ["Catalogs"]
