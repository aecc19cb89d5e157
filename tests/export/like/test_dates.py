from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.export.like.dates import find_dates


@pytest.mark.parametrize(
    ("text", "month", "with_day", "without"),
    [
        ("[2505]", "2025-05", "[2411]", "[2411]"),
        ("2025-04-10", "2025-04", "2024-11-03", "2024-11"),
        ("2025-4-1", "2025-04", "2024-11-3", "2024-11"),
        ("24 May 2023", "2023-05", "3 Nov 2024", "Nov 2024"),
        ("07 Sep 2023", "2023-09", "03 Nov 2024", "Nov 2024"),
        ("3 June 2022", "2022-06", "3 November 2024", "November 2024"),
        ("June 3rd, 2021", "2021-06", "November 3rd, 2024", "November 2024"),
        ("2024, March", "2024-03", "2024, November", "2024, November"),
        ("2025.04", "2025-04", "2024.11", "2024.11"),
        ("arXiv 2023.", None, "arXiv 2024.", "arXiv 2024."),
        ("Preprint'25", None, "Preprint'24", "Preprint'24"),
        ("JUN 2022", "2022-06", "NOV 2024", "NOV 2024"),
    ],
)
def test_a_date_is_written_in_the_form_of_another(text, month, with_day, without):
    ((start, end, form),) = find_dates(text)
    assert form.month == month
    for day, wanted in (("2024-11-03", with_day), ("2024-10-03", without), (None, without)):
        written = form.write("2024-11", day)
        assert written is not None
        assert text[:start] + written + text[end:] == wanted


def test_a_form_with_a_month_needs_one():
    ((_, _, form),) = find_dates("24 May 2023")
    assert form.write("2024") is None
    assert form.write(None) is None
    ((_, _, year),) = find_dates("in 2023")
    assert year.write("2024") == "2024"


def test_may_says_not_whether_months_are_shortened():
    ((_, _, form),) = find_dates("May 2023")
    assert form.write("2024-11", short_names=True) == "Nov 2024"
    assert form.write("2024-11", short_names=False) == "November 2024"


@pytest.mark.parametrize("text", ["arXiv:2505.01234", "v1.2.3", "page 2025-17", "1,234", "[9999]"])
def test_other_digits_are_no_months(text):
    assert all(form.month is None for _, _, form in find_dates(text))


@given(st.text(alphabet="0123456789-/. ,'[]JanMay", max_size=30))
def test_dates_of_any_text_lie_apart_and_can_be_written(text):
    before = 0
    for start, end, form in sorted(find_dates(text), key=lambda one: one[0]):
        assert before <= start < end <= len(text)
        assert text[start:end] == form.text
        written = form.write("2024-11", "2024-11-03")
        assert written is None or written.strip()
        before = end
