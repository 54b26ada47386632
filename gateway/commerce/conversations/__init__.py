"""What persons answer: what it is about, simple questions answered, and the inbox of the rest."""

from gateway.commerce.conversations.answering import TEMPLATE, QuestionListener
from gateway.commerce.conversations.questions import Question, Topic, read_question
from gateway.commerce.conversations.subject import About, about_of
from gateway.commerce.conversations.threads import Conversation, conversations, find_conversation

__all__ = [
    "TEMPLATE",
    "About",
    "Conversation",
    "Question",
    "QuestionListener",
    "Topic",
    "about_of",
    "conversations",
    "find_conversation",
    "read_question",
]
