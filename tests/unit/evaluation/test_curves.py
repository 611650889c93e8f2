from xml.etree import ElementTree as ET

from firebreak.evaluation.curves import MAX_POINTS, histogram_picture, roc_picture

SVG = "{http://www.w3.org/2000/svg}"


def drawn(picture):
    (line,) = ET.fromstring(picture).findall(f"{SVG}polyline")
    return line.attrib["points"].split()


def test_a_curve_begins_and_ends_in_the_corners():
    picture = roc_picture([(0.0, 0.0), (0.1, 0.8), (1.0, 1.0)], "injection")
    points = drawn(picture)
    assert [points[0], points[-1]] == ["36.0,224.0", "324.0,36.0"]
    assert "<title>injection: ROC</title>" in picture


def test_a_long_curve_is_drawn_with_few_points():
    curve = [(i / 9999, i / 9999) for i in range(10_000)]
    points = drawn(roc_picture(curve, "pii"))
    assert len(points) <= MAX_POINTS + 2
    assert points[-1] == "324.0,36.0"


def test_without_a_class_there_is_no_curve():
    assert roc_picture([], "pii") == ""


def test_a_histogram_has_a_bar_for_each_twentieth_that_holds_something():
    picture = ET.fromstring(histogram_picture([1.0, 0.99, 0.5], [0.0, 0.01], "pii"))
    assert len(picture.findall(f"{SVG}rect")) == 1 + 3
    assert len(ET.fromstring(histogram_picture([], [], "pii")).findall(f"{SVG}rect")) == 1
