from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rftsearch.text.author_names import Name, join_name, split_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada Example", Name("Example", "Ada")),
        ("Ada B. C. Example", Name("Example", "Ada B. C.")),
        ("Jan van der Example", Name("Example", "Jan", "van der")),
        ("Maria de la Example Sample", Name("Example Sample", "Maria", "de la")),
        ("van der Example", Name("Example", "", "van der")),
        ("Nguyen Van Example", Name("Example", "Nguyen Van")),
        ("Ada Example Jr.", Name("Example", "Ada", suffix="Jr.")),
        ("Ada Example, Jr.", Name("Example", "Ada", suffix="Jr.")),
        ("Ada Example III", Name("Example", "Ada", suffix="III")),
        ("Example, Ada", Name("Example", "Ada")),
        ("van Example, Jr., Ada", Name("Example", "Ada", "van", "Jr.")),
        ("Mono", Name("Mono", literal=True)),
        ("Example-AI", Name("Example-AI", literal=True)),
        ("Lantern Team", Name("Lantern Team", literal=True)),
        ("The Lantern Collaboration", Name("The Lantern Collaboration", literal=True)),
        ("Nimbus Robotics", Name("Nimbus Robotics", literal=True)),
        ("Inclusive AI", Name("Inclusive AI", literal=True)),
        ("Ada and Company", Name("Ada and Company", literal=True)),
        ("others", Name("others", literal=True)),
        ("One, Two, Three", Name("One, Two, Three", literal=True)),
        (":", None),
        ("", None),
        ("42", None),
    ],
)
def test_names(text, name):
    assert split_name(text) == name


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("Lopez Moreno", "Iris", ""), Name("Lopez Moreno", "Iris")),
        (("van der Example", "Jan", ""), Name("Example", "Jan", "van der")),
        (("Van Example", "Luc", ""), Name("Van Example", "Luc")),
        (("Example", "Ada", "Jr."), Name("Example", "Ada", suffix="Jr.")),
        (("Example, Jr.", "Ada", ""), Name("Example", "Ada", suffix="Jr.")),
        (("Nimbus Robotics", "", ""), Name("Nimbus Robotics", literal=True)),
        (("Collaboration", "Lantern", ""), Name("Lantern Collaboration", literal=True)),
        (("", "Mono", ""), Name("Mono", literal=True)),
        ((":", "", ""), None),
    ],
)
def test_names_in_parts(parts, name):
    assert join_name(*parts) == name


def test_commas_of_a_name_do_not_separate_its_parts():
    assert join_name("Example, PhD", "A., B.", "").inverted == "Example PhD, A. B."
    assert Name("One, Two, Three", literal=True).inverted == "One, Two, Three"


def test_how_a_name_is_shown():
    name = split_name("Jan van der Example Jr.")
    assert (name.display, name.inverted) == (
        "Jan van der Example Jr.",
        "van der Example, Jan, Jr.",
    )


@given(st.lists(st.text(st.characters(categories=["Lu", "Ll"]), min_size=1), min_size=1))
def test_no_word_of_a_name_is_lost(words):
    text = " ".join(words)
    assert split_name(text).display == text
