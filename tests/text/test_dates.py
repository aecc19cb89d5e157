from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.text.dates import (
    check_date,
    day_of,
    first_day,
    is_from,
    is_month,
    lies_after,
    lies_before,
    may_lie_within,
    month_of_digits,
)


@pytest.mark.parametrize(
    ("digits", "month"),
    [
        ("2505", "2025-05"),
        ("9107", "1991-07"),
        ("9012", "2090-12"),
        ("2513", None),
        ("2500", None),
        ("25", None),
        ("", None),
    ],
)
def test_four_digits_are_a_month_of_this_century_or_the_last(digits, month):
    assert month_of_digits(digits) == month


def test_the_months():
    assert [number for number in range(100) if is_month(f"{number:02}")] == list(range(1, 13))


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 3 Mar 2025 10:00:00 GMT",
        "3 mar 2025",
        "2025-03-03",
        "2025-03-03T10:00:00Z",
    ],
)
def test_a_day_in_each_form(text):
    assert day_of(text) == "2025-03-03"


@pytest.mark.parametrize(
    "text", ["", "soon", "31 Feb 2025", "3 Foo 2025", "9999-12-31", "1 Jan 2200", "2025-03"]
)
def test_what_is_not_a_day_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the caller names the field
        day_of(text)


@given(st.dates(max_value=datetime.date(2199, 12, 31)))
def test_a_day_is_read_as_it_is_written(day):
    assert day_of(day.isoformat()) == day.isoformat()
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    assert day_of(f"{day.day} {months[day.month - 1]} {day.year:04}") == day.isoformat()


@pytest.mark.parametrize(
    ("when", "bound", "before", "is_later", "after"),
    [
        ("2024", "2024-05", False, False, False),  # It may be on either side.
        ("2024", "2024-01", False, True, False),
        ("2024", "2024", False, True, False),
        ("2023", "2024-01", True, False, False),
        ("2023-12", "2024", True, False, False),
        ("2024-01", "2024", False, True, False),
        ("2024-12-31", "2024", False, True, False),
        ("2025", "2024", False, True, True),
        ("2024-04-30", "2024-05", True, False, False),
        ("2024-05", "2024-05-15", False, False, False),
        ("2024-05", "2024-05-01", False, True, False),
        ("2024-06", "2024-05-15", False, True, True),
        ("2024-05-15T23:00:00+00:00", "2024-05-15", False, True, False),
    ],
)
def test_dates_of_different_precision(when, bound, before, is_later, after):
    compared = (lies_before(when, bound), is_from(when, bound), lies_after(when, bound))
    assert compared == (before, is_later, after)


DAYS = st.dates(datetime.date(2023, 1, 1), datetime.date(2025, 12, 31)).map(str)
CUT = st.sampled_from([4, 7, 10])


def days_of(when: str) -> set[str]:
    start = datetime.date(2022, 1, 1)
    every = (str(start + datetime.timedelta(n)) for n in range(5 * 365))
    return {day for day in every if day.startswith(when)}


@given(DAYS, CUT, DAYS, CUT)
def test_dates_compare_as_their_days_do(day, cut, other, other_cut):
    when, bound = day[:cut], other[:other_cut]
    days, first, last = days_of(when), min(days_of(bound)), max(days_of(bound))
    assert lies_before(when, bound) == all(one < first for one in days)
    assert is_from(when, bound) == all(one >= first for one in days)
    assert lies_after(when, bound) == all(one > last for one in days)
    assert may_lie_within(when, bound, bound) == any(first <= one <= last for one in days)
    assert first_day(when) == min(days)
    assert check_date(f" {when} ") == when


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2024-02-30", "2024-5", "2024-05-03T10"])
def test_what_is_no_date(text):
    with pytest.raises(ValueError, match=r".*"):
        check_date(text)
