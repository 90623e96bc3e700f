"""From `[workflow]` to what a buyer's topic leads to in one store."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from replygate.config.places import Located, Place, Report, did_you_mean
from replygate.config.read import read_toml
from replygate.config.schema_holding import TopicWording, WordingFile, WorkflowTable
from replygate.config.validate import validate
from replygate.timing.events import CLOSING

_FILE = "workflow.toml"


@dataclass(frozen=True, slots=True)
class Workflow:
    """What topics lead to, by topic id: a suggestion to people, an answer that goes out by itself.

    A topic that is answered has its suggestion too: for when it can not be answered.
    """

    suggestions: dict[str, str]
    answers: dict[str, str]


def read_workflow(
    table: WorkflowTable,
    platform: str,
    topics: Collection[str] | None,
    located: Located,
    report: Report,
) -> Workflow:
    """What a store's topics lead to; what is wrong with its wishes is noted in `report`.

    `topics` are those that the store can tell; None where that is not known, as in a group.
    """
    packaged = _wording()
    answers: dict[str, str] = {}
    for index, topic in enumerate(table.answers):
        text = _answer(packaged[topic], platform) if topic in packaged else None
        if text is None:
            _no_answer(topic, located.place(("workflow", "answers", index)), report)
        else:
            answers[topic] = text
    for index, entry in enumerate(table.answer):
        place = located.place(("workflow", "answer", index, "topic"))
        if topics is not None and entry.topic not in topics and entry.topic != CLOSING:
            what = f'there is no topic "{entry.topic}"'
            report.error(place, what, did_you_mean(entry.topic, topics))
        answers[entry.topic] = entry.text
    wanted = packaged if table.suggestions else ()
    suggestions = {topic: _suggestion(packaged[topic], platform) for topic in wanted}
    return Workflow(suggestions, answers)


def answer_texts(
    workflow: Workflow, table: WorkflowTable, located: Located
) -> Iterator[tuple[str, Place]]:
    """Every answer, and where the store asked for it."""
    written = {entry.topic: index for index, entry in enumerate(table.answer)}
    for topic, text in workflow.answers.items():
        if topic in written:
            yield text, located.place(("workflow", "answer", written[topic], "text"))
        else:
            yield text, located.place(("workflow", "answers", table.answers.index(topic)))


@cache
def _wording() -> dict[str, TopicWording]:
    path = Path(str(files("replygate_config"))) / _FILE
    report = Report()
    document = read_toml(path, f"replygate_config/{_FILE}", report)
    model = validate(WordingFile, document.data, document, report) if document else None
    report.raise_errors()
    assert model is not None, "what could not be read was raised"
    return {entry.id: entry for entry in model.topic}


def _answer(wording: TopicWording, platform: str) -> str | None:
    here = wording.on.get(platform)
    return wording.answer if here is None or here.answer is None else here.answer


def _suggestion(wording: TopicWording, platform: str) -> str:
    here = wording.on.get(platform)
    return wording.suggest if here is None or here.suggest is None else here.suggest


def _no_answer(topic: str, place: Place, report: Report) -> None:
    answerable = [name for name, wording in _wording().items() if wording.answer]
    hint = did_you_mean(topic, answerable) or "write your own: [[workflow.answer]]"
    report.error(place, f'there is no packaged answer for the topic "{topic}"', hint)
