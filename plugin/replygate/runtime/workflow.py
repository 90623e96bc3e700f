"""What a buyer's topic leads to: a suggestion to people, or an answer where the store wants one.

An automatic answer goes out once in a conversation and topic, by the same door as any text; that it
did is known from the outbox, after a restart too. It stays out of the way of people: where one has
the conversation or answered last, people get the suggestion instead.
"""

from __future__ import annotations

from replygate.config import Store
from replygate.errors import LedgerError
from replygate.events import Inbound
from replygate.model import Draft
from replygate.runtime.answers import answer
from replygate.runtime.conversation import Conversation
from replygate.runtime.core import ConversationKey, Core
from replygate.runtime.takeover import takeover_of
from replygate.timing.events import CLOSING

FOREIGN_LINK = "foreign_link"


def attend(core: Core, conversation: Conversation, event: Inbound, topics: tuple[str, ...]) -> None:
    """Do what the topics of a buyer's new message lead to, while nobody has answered it."""
    store = conversation.served.store
    turn = conversation.machine.open_turn
    if turn is None:
        return
    for topic in sorted(_known(store, event, topics)):
        if (
            topic in store.workflow.answers
            and topic in turn.topics
            and _is_free(core, conversation)
        ):
            core.tasks.start("workflow", _answer(core, conversation, event.id, topic))
        else:
            suggest(core, conversation, event.id, topic)


def suggest(core: Core, conversation: Conversation, message: str, topic: str) -> None:
    """Tell people what to do about a topic, once in a turn."""
    store, turn = conversation.served.store, conversation.machine.open_turn
    suggestion = store.workflow.suggestions.get(topic)
    if suggestion is None or turn is None or (topic == CLOSING and not store.last_word):
        return
    if conversation.suggests_first(turn.id, topic):
        core.journal.emit(
            "people.suggested",
            store=store.id,
            conversation=conversation.key[1],
            turn=turn.id,
            id=message,
            topic=topic,
            suggestion=suggestion,
        )


async def _answer(core: Core, conversation: Conversation, message: str, topic: str) -> None:
    with conversation.in_use():
        store = conversation.served.store
        port = core.ports.get(store.id)
        send_id = answer_id(core, conversation.key, topic)
        try:
            is_new = await core.ledger.send(send_id) is None
        except LedgerError:
            # What can not be looked up may have gone out before.
            is_new = False
        if port is None or not is_new:
            suggest(core, conversation, message, topic)
            return
        text = store.workflow.answers.get(topic)
        if text is not None:
            draft = Draft(conversation.key[1], text, store=store.id, origin="bot")
            await answer(core, conversation, draft, send_id, port)


def answer_id(core: Core, key: ConversationKey, topic: str) -> str:
    """The send id of the one automatic answer to a topic; logs have it, so it names no buyer."""
    store, conversation = key
    return f"workflow:{store}:{core.ledger.text_hash(conversation)}:{topic}"


def _known(store: Store, event: Inbound, topics: tuple[str, ...]) -> set[str]:
    """The topics that lead to anything."""
    workflow = store.workflow
    found = {
        topic for topic in topics if topic in workflow.suggestions or topic in workflow.answers
    }
    if FOREIGN_LINK in found and not _leads_away(store, event):
        found.discard(FOREIGN_LINK)
    return found


def _leads_away(store: Store, event: Inbound) -> bool:
    """Whether a link is not the platform's own, which the topic does not tell from others."""
    if FOREIGN_LINK in event.topics or store.profile is None:
        return True
    text = event.text
    for name in (*store.profile.own_domains, *store.profile.own_names):
        text = text.replace(name, "")
    return FOREIGN_LINK in store.topics.of(text)


def _is_free(core: Core, conversation: Conversation) -> bool:
    """Whether no person is at it, and no other answer is on its way."""
    machine = conversation.machine
    if conversation.served.store.mode == "observe" or takeover_of(core, conversation.key):
        return False
    return not machine.answering and machine.answered_last != "human"
