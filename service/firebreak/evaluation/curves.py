"""Pictures of a tally as SVG: the ROC curve and the histogram of scores. Plain shapes, no script, no style sheet."""

from collections.abc import Sequence

WIDTH, HEIGHT, EDGE = 360, 260, 36
BINS = 20
MAX_POINTS = 400
"""Points of a curve that are drawn; more are not seen."""
HARMFUL, HARMLESS, AXIS = "#b3261e", "#1f6f8b", "#777777"


def roc_picture(curve: Sequence[tuple[float, float]], name: str) -> str:
    """The curve of `figures.roc`. `name` is a kind's, and needs no escaping."""
    if not curve:
        return ""
    step = max(1, len(curve) // MAX_POINTS)
    points = [*curve[::step], curve[-1]]
    path = " ".join(f"{_x(fpr):.1f},{_y(recall):.1f}" for fpr, recall in points)
    ends = f'x1="{_x(0):.1f}" y1="{_y(0):.1f}" x2="{_x(1):.1f}" y2="{_y(1):.1f}"'
    shapes = [
        f'<line {ends} stroke="{AXIS}" stroke-dasharray="3 3"/>',
        f'<polyline points="{path}" fill="none" stroke="{HARMFUL}" stroke-width="2"/>',
    ]
    return _frame(shapes, f"{name}: ROC", "false positive rate", "recall")


def histogram_picture(harmful: Sequence[float], harmless: Sequence[float], name: str) -> str:
    """The share of each class in each twentieth of the scores. Heights are square roots, so that few are seen."""
    shapes = []
    for which, (scores, colour) in enumerate(((harmless, HARMLESS), (harmful, HARMFUL))):
        counts = [0] * BINS
        for score in scores:
            counts[min(BINS - 1, max(0, int(score * BINS)))] += 1
        for place, count in enumerate(counts):
            if count:
                tall = (count / len(scores)) ** 0.5
                left = _x((place + which / 2) / BINS)
                shapes.append(
                    f'<rect x="{left:.1f}" y="{_y(tall):.1f}" width="{_span() / BINS / 2:.1f}" '
                    f'height="{_y(0) - _y(tall):.1f}" fill="{colour}"/>'
                )
    for which, (word, colour) in enumerate((("harmless", HARMLESS), ("harmful", HARMFUL))):
        left = EDGE + 8 + 90 * which
        shapes.append(f'<text x="{left}" y="14" font-size="11" fill="{colour}">{word}</text>')
    return _frame(shapes, f"{name}: scores", "score", "root of the share")


def _span() -> int:
    return WIDTH - 2 * EDGE


def _x(share: float) -> float:
    return EDGE + share * _span()


def _y(share: float) -> float:
    return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)


def _frame(shapes: Sequence[str], title: str, across: str, up: str) -> str:
    ticks = []
    for tenth in (0, 5, 10):
        share = tenth / 10
        ticks.append(f'<text x="{_x(share):.1f}" y="{_y(0) + 14:.1f}" text-anchor="middle">{share:g}</text>')
        ticks.append(f'<text x="{EDGE - 5}" y="{_y(share) + 4:.1f}" text-anchor="end">{share:g}</text>')
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    box = f'x="{_x(0):.1f}" y="{_y(1):.1f}" width="{_span()}" height="{HEIGHT - 2 * EDGE}"'
    turned = f'x="10" y="{HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 10 {HEIGHT / 2})"'
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} viewBox="0 0 {WIDTH} {HEIGHT}">',
            f'<title>{title}</title><rect {box} fill="none" stroke="{AXIS}"/>',
            *shapes,
            f'<g font-size="10" fill="{AXIS}">',
            *ticks,
            f'<text x="{WIDTH / 2}" y="{HEIGHT - 6}" text-anchor="middle">{across}</text>',
            f"<text {turned}>{up}</text></g></svg>",
        ]
    )
