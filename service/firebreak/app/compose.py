"""Policies and parts to snapshots: what `serve`, `check`, `policy test` and the benchmark all decide with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from firebreak.adapters import injection_model_file, intent_files, patterns_file
from firebreak.adapters.encoders import Encoders
from firebreak.adapters.judge_http import HttpJudge
from firebreak.detect import registry
from firebreak.detect.interface import Detector, Scorer
from firebreak.detect.ngram.detector import NgramDetector
from firebreak.detect.patterns import PatternDetector
from firebreak.intent import encoded
from firebreak.intent.classify import fit
from firebreak.model.errors import BadConfig
from firebreak.model.finding import FindingKind
from firebreak.pipeline.asks import AskReader
from firebreak.pipeline.cascade import Cascade, Unsure
from firebreak.pipeline.entities import Entities
from firebreak.pipeline.interface import Judge
from firebreak.pipeline.screen import Screen
from firebreak.pipeline.snapshot import Snapshot
from firebreak.policy.compile import Program, load


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds a snapshot's cost."""

    memory_entries: int = 8192
    detector_budget_s: float = 0.5


class Composer:
    """Holds what does not depend on a policy (the pattern engine, the word vectors) and is made once per process."""

    def __init__(self, limits: Limits, judge_key_file: str = "", encoders: Encoders | None = None) -> None:
        self._limits = limits
        self._judge_key_file = judge_key_file
        model = NgramDetector(injection_model_file.packaged())
        self._detectors = (*patterns_file.detectors(), model)
        self._embeddings = intent_files.embeddings()
        self._cascade = _cascade(self._detectors, encoders)
        self._entities = Entities(encoders.entities) if encoders and encoders.entities else None
        sentence = encoders.sentence if encoders else None
        self._sentences = (sentence, encoded.Shape(sentence.vectors_now)) if sentence else None

    def warm(self) -> Iterator[None]:
        """Steps of a few milliseconds at most that spare the first texts a wait. Nothing else depends on them."""
        for detector in self._detectors:
            if isinstance(detector, PatternDetector):
                yield from detector.warm()

    def snapshot(self, text: str, file: str, generation: int) -> Snapshot:
        """Everything for the policy in `text`. Raises `BadConfig`."""
        program = load(text, file, registry.known_rules())
        classifier = fit(program.categories, self._embeddings, intent_files.learnt())
        screen = Screen(
            self._detectors,
            classifier,
            memory_entries=self._limits.memory_entries,
            budget_s=self._limits.detector_budget_s,
            cascade=self._cascade,
            entities=self._entities,
            allowed=program.allowed,
        )
        return Snapshot(program, screen, self._judge(program), generation, self._asks(program))

    def _asks(self, program: Program) -> AskReader | None:
        if self._sentences is None:
            return None
        encoder, shape = self._sentences
        classifier = encoded.fit(program.categories, shape, self._embeddings, intent_files.learnt(), encoder.learnt)
        return AskReader(encoder, classifier) if classifier else None

    def _judge(self, program: Program) -> Judge | None:
        if program.judge is None:
            return None
        return HttpJudge(program.judge, _secret(self._judge_key_file))


def _cascade(detectors: Sequence[Detector], encoders: Encoders | None) -> Cascade | None:
    """The encoder behind the small model of the same kind; alone, it is asked about everything."""
    if encoders is None or encoders.injection is None:
        return None
    scorers = [one for one in detectors if isinstance(one, Scorer) and one.kind is FindingKind.INJECTION]
    one = encoders.injection
    return Cascade(scorers[0] if scorers else Unsure(), one, one.band, one.small_weight)


def _secret(path: str) -> str:
    """The first line of a mounted secret."""
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig("judge_key_file", "the judge's key cannot be read", "mount the secret or unset it") from error
