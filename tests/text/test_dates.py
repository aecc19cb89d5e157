from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.text.dates import day_of, is_month, month_of_digits


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
