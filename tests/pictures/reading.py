"""Reads a picture back: what is drawn where."""

import re
from xml.etree.ElementTree import Element, fromstring


def parsed(svg: str) -> Element:
    """Fails for anything that is not well-formed XML."""
    return fromstring(svg)


def of_class(svg: str, name: str) -> list[Element]:
    return [element for element in parsed(svg).iter() if name in element.get("class", "").split()]


def corners(element: Element) -> list[tuple[float, float]]:
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", element.get("d", ""))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def words_in(svg: str) -> list[str]:
    return [text for element in parsed(svg).iter() if (text := (element.text or "").strip())]


def attribute_names(svg: str) -> set[str]:
    return {name for element in parsed(svg).iter() for name in element.attrib}
