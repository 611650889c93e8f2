from collections import Counter

from firebreak.codecs.routes import ROUTES, Form, PassThrough


def test_no_route_is_listed_twice():
    listed = Counter((route.api, route.method, route.path) for route in ROUTES)
    assert max(listed.values()) == 1


def test_a_surface_is_read_by_one_codec():
    readers: dict[str, set[type]] = {}
    for route in ROUTES:
        if not isinstance(route.target, PassThrough):
            readers.setdefault(route.target.surface, set()).add(type(route.target.answer()))
    assert {surface for surface, kinds in readers.items() if len(kinds) > 1} == set()


def test_what_passes_without_reading_carries_no_body():
    passing = [route for route in ROUTES if isinstance(route.target, PassThrough)]
    assert {route.path.rpartition("/")[2] for route in passing if route.method not in {"GET", "DELETE"}} == {"cancel"}
    assert {route.form for route in ROUTES if isinstance(route.target, PassThrough)} == {Form.JSON}
