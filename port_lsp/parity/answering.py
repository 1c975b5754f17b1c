"""One request to one side, of whatever kind: what it answers, or why it doesn't."""

from __future__ import annotations

from port_lsp.parity.asking import Address, Answer, NoAnswerError, Question, ask

WEBSOCKET = "WEBSOCKET"
"""The method by which an endpoint's id says that it is one."""


def answered(address: Address, question: Question, timeout: float) -> Answer | str:
    """The answer, or the reason why there is none; `timeout` are seconds."""
    try:
        if question.method == WEBSOCKET:
            from port_lsp.parity.talking import talk

            return talk(address, question, timeout)
        return ask(address, question, timeout)
    except NoAnswerError as error:
        return str(error)
