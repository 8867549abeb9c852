"""Feasts: the days of one year that a country or a faith keeps, as far as the ``holidays`` package knows them.

It takes 20 MB and a third of a second, so ``bot.calendars`` imports this module when somebody first asks.

A feast that follows the moon may be seen a day early or late, and many feasts begin on the evening before. Where that
is so, the day before belongs to them here: a day without contact costs nothing.
"""

from __future__ import annotations

from datetime import date, timedelta

from holidays import HolidayBase, country_holidays, list_supported_countries
from holidays.calendars.julian import JULIAN_CALENDAR
from holidays.groups.christian import ChristianHolidays
from holidays.groups.hebrew import HebrewCalendarHolidays
from holidays.groups.islamic import IslamicHolidays
from holidays.groups.persian import PersianCalendarHolidays

_DAY = timedelta(days=1)
_BEGINS, _ENDS = "begins", "ends"


def of_country(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country; none for one that is not known."""
    if country not in list_supported_countries():
        return frozenset()
    return frozenset(country_holidays(country, years=year))


def of_calendar(name: str, year: int) -> frozenset[date]:
    """The days of a calendar of ``bot.calendars.CHOICES`` other than the public one. Raises KeyError."""
    return frozenset(day for feasts in _CALENDARS[name] for day in feasts(years=year))


def ramadan(year: int) -> frozenset[date]:
    """The days of fasting in a year. Some years hold two Ramadans, one of them only in part."""
    moons = _Ramadan(years=[year - 1, year, year + 1])
    ends = sorted(moons.get_named(_ENDS))
    days: set[date] = set()
    for begin in moons.get_named(_BEGINS):
        end = next((end for end in ends if end > begin), begin)
        days.update(begin + number * _DAY for number in range((end - begin).days))
    return frozenset(day for day in days if day.year == year)


class _Islamic(HolidayBase, IslamicHolidays):
    """Both Eids, of three days each, Ashura and Mawlid."""

    def __init__(self, years: int) -> None:
        IslamicHolidays.__init__(self, show_estimated=False)
        super().__init__(years=years)

    def _populate_public_holidays(self) -> None:
        for add in (
            self._add_eid_al_fitr_eve,
            self._add_eid_al_fitr_day,
            self._add_eid_al_fitr_day_two,
            self._add_eid_al_fitr_day_three,
            self._add_arafah_day,
            self._add_eid_al_adha_day,
            self._add_eid_al_adha_day_two,
            self._add_eid_al_adha_day_three,
            self._add_ashura_day,
            self._add_mawlid_day,
        ):
            add(add.__name__)


class _Ramadan(HolidayBase, IslamicHolidays):
    """The first day of each, and the first day after it."""

    def __init__(self, years: list[int]) -> None:
        IslamicHolidays.__init__(self, show_estimated=False)
        super().__init__(years=years)

    def _populate_public_holidays(self) -> None:
        self._add_ramadan_beginning_day(_BEGINS)
        self._add_eid_al_fitr_day(_ENDS)


class _Eastern(HolidayBase, ChristianHolidays):
    """What all churches of the old calendar keep: Easter with the days around it, Christmas and Epiphany."""

    def __init__(self, years: int) -> None:
        ChristianHolidays.__init__(self, JULIAN_CALENDAR)
        super().__init__(years=years)

    def _populate_public_holidays(self) -> None:
        for add in (
            self._add_good_friday,
            self._add_holy_saturday,
            self._add_easter_sunday,
            self._add_easter_monday,
            self._add_ascension_thursday,
            self._add_pentecost,
            self._add_christmas_eve,
            self._add_christmas_day,
            self._add_epiphany_day,
        ):
            add(add.__name__)


class _NewStyle(HolidayBase, ChristianHolidays):
    """The fixed feasts of Orthodox churches that keep the new calendar, as most of Ukraine has since 2023. Nobody has
    to say which calendar theirs is: both count."""

    def __init__(self, years: int) -> None:
        ChristianHolidays.__init__(self)
        super().__init__(years=years)

    def _populate_public_holidays(self) -> None:
        self._add_christmas_eve("")
        self._add_christmas_day("")
        self._add_epiphany_day("")
        self._add_pentecost_monday("", JULIAN_CALENDAR)


class _Tewahedo(HolidayBase, ChristianHolidays):
    """What Ethiopian and Eritrean churches keep beyond the feasts of the old calendar: a new year and Meskel, each
    possibly a day later after a leap year."""

    def __init__(self, years: int) -> None:
        ChristianHolidays.__init__(self)
        super().__init__(years=years)

    def _populate_public_holidays(self) -> None:
        for day in (date(self._year, 9, 11), date(self._year, 9, 27)):
            self._add_holiday("", day)
            self._add_holiday("", day + _DAY)
        self._add_holiday("", date(self._year, 1, 20))


class _Catholic(HolidayBase, ChristianHolidays):
    """The great feasts of the western churches."""

    def __init__(self, years: int) -> None:
        ChristianHolidays.__init__(self)
        super().__init__(years=years)

    def _populate_public_holidays(self) -> None:
        for add in (
            self._add_epiphany_day,
            self._add_good_friday,
            self._add_holy_saturday,
            self._add_easter_sunday,
            self._add_easter_monday,
            self._add_ascension_thursday,
            self._add_pentecost,
            self._add_pentecost_monday,
            self._add_corpus_christi_day,
            self._add_assumption_of_mary_day,
            self._add_all_saints_day,
            self._add_immaculate_conception_day,
            self._add_christmas_eve,
            self._add_christmas_day,
            self._add_christmas_day_two,
        ):
            add(add.__name__)


class _Jewish(HolidayBase, HebrewCalendarHolidays):
    """The feasts on which no work is done, as they are kept outside Israel, and Purim."""

    def __init__(self, years: int) -> None:
        HebrewCalendarHolidays.__init__(self)
        super().__init__(years=years)

    def _populate_public_holidays(self) -> None:
        self._add_rosh_hashanah("", range(-1, 2))
        self._add_yom_kippur("", range(-1, 1))
        self._add_sukkot("", (0, 1, 7, 8))
        self._add_passover("", (-1, 0, 1, 6, 7))
        for day in self._add_shavuot(""):
            self._add_holiday("", day + _DAY)
        self._add_purim("")


class _Nowruz(HolidayBase, PersianCalendarHolidays):
    """The new year of Iran, Afghanistan and the Kurds: its eve, two days, and the thirteenth day outdoors."""

    def __init__(self, years: int) -> None:
        PersianCalendarHolidays.__init__(self)
        super().__init__(years=years)

    def _populate_public_holidays(self) -> None:
        for day in self._add_nowruz_day(""), self._add_natures_day(""):
            if day is not None:
                self._add_holiday("", day - _DAY)
        self._add_nowruz_day_two("")


_CALENDARS = {
    "islamic": (_Islamic,),
    "orthodox": (_Eastern, _NewStyle),
    "tewahedo": (_Eastern, _Tewahedo),
    "catholic": (_Catholic,),
    "jewish": (_Jewish,),
    "nowruz": (_Nowruz,),
}
