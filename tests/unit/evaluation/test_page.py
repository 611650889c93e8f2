import base64
import hashlib
import re
from html.parser import HTMLParser

from firebreak.evaluation.decisions import Outcome
from firebreak.evaluation.examples import Example
from firebreak.evaluation.figures import Rate
from firebreak.evaluation.floors import Floor, Held
from firebreak.evaluation.measure import Seen
from firebreak.evaluation.page import WORST, Report, html
from firebreak.evaluation.tally import tallies

HOSTILE = "<script>alert('x')</script><img src=https://evil.example/a.png onerror=b>\"&"


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


def report(**more):
    seen = [
        Seen(
            Example(f"{HOSTILE}{number}", HOSTILE, "injection", f"{HOSTILE} secret words", harmful=number % 2 == 0),
            True,
            0.5,
            1.0,
        )
        for number in range(2 * WORST + 10)
    ]
    held = [Held(Floor("f:1", "injection", HOSTILE, "recall", least=0.9), value) for value in (0.95, 0.5)]
    outcome = Outcome("injection", HOSTILE, Rate(1, 2), Rate(0, 3), Rate(0, 0), Rate(0, 0))
    return html(Report(HOSTILE, tallies(seen), [outcome], held, [HOSTILE], [[HOSTILE] * 9]), **more)


def read(page):
    reader = Reader()
    reader.feed(page)
    return reader


def test_nothing_runs_and_nothing_is_loaded():
    for page in (report(), report(with_texts=True)):
        reader = read(page)
        assert not {"script", "img", "link", "iframe", "object"} & set(reader.tags)
        assert not {name for name, _ in reader.attributes if name.startswith("on") or name in {"href", "src", "style"}}
        assert "https://" not in re.sub(r"&lt;.*?&gt;", "", page)


def test_the_pages_own_policy_allows_its_style_and_nothing_else():
    page = report()
    (style,) = re.findall("<style>(.*)</style>", page)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    (policy,) = [value for name, value in read(page).attributes if name == "content"]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_texts_stay_out_unless_they_are_asked_for():
    assert "secret words" not in report()
    assert "secret words" in report(with_texts=True)


def test_the_worst_of_each_class_are_named_by_id():
    words = " ".join(read(report()).words)
    assert len(re.findall(r'"&\d+', words)) == 2 * WORST


def test_it_tells_floors_figures_pictures_the_policy_and_the_comparison():
    page = report()
    assert page.count("<svg") == 2
    assert '<li class="missed">MISSED' in page
    assert '<li class="held">held' in page
    assert "<h2>Policy</h2>" in page
    assert "<h2>Comparison</h2>" in page


def test_an_empty_report_is_a_page():
    assert read(html(Report("none", [], [], []))).tags[:2] == ["html", "head"]
