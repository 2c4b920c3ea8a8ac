"""The use cases: one method for each thing a person does, with who may and in which state.

Pages and the command line call these and nothing below them. Every method that changes something takes the
acting account and, where two people could collide, ``seen``: the case's last event number the caller read
(``CaseView.seen``). A collision raises ConflictError and writes nothing.
"""

from __future__ import annotations

from assessment.usecases.history import HistoryUseCases
from assessment.usecases.intake import Description, Incoming, Paper
from assessment.usecases.learning import LearningUseCases
from assessment.usecases.people import PeopleUseCases
from assessment.usecases.review import Mark, ReviewUseCases

__all__ = ["Description", "Incoming", "Mark", "Paper", "Workbench"]


class Workbench(
    PeopleUseCases,
    ReviewUseCases,
    HistoryUseCases,
    LearningUseCases,
):
    """All use cases over one store. Holds no connection; safe to share between threads."""
