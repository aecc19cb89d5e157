"""Headings that name a subject, and those that only say when."""

from __future__ import annotations

import pytest

from rftsearch.sources.markdown.styles.categories import says_nothing


@pytest.mark.parametrize("heading", ["2020 and before", "2024", "3. Papers", "12 2024", "Mar 2025"])
def test_a_year_at_the_beginning_is_no_number_of_a_heading(heading):
    assert says_nothing(heading)


@pytest.mark.parametrize("heading", ["3. Audio", "2020 and audio", "3D vision"])
def test_a_subject_beside_a_number_stays_one(heading):
    assert not says_nothing(heading)
