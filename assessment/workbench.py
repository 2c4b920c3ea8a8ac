"""The use cases: one method for each thing a person does, with who may and in which state.

Pages and the command line call these and nothing below them. Every method that changes something takes the
acting account and, where two people could collide, ``seen``: the case's last event number the caller read
(``CaseView.seen``). A collision raises ConflictError and writes nothing.
"""

from __future__ import annotations

from assessment.usecases.arrival import ArrivalUseCases
from assessment.usecases.intake import Description, Incoming, Paper
from assessment.usecases.learning import LearningUseCases
from assessment.usecases.material import MaterialUseCases
from assessment.usecases.papers import PaperUseCases
from assessment.usecases.people import PeopleUseCases
from assessment.usecases.review import Mark, ReviewUseCases
from assessment.usecases.settling import SettlingUseCases
from assessment.usecases.versions import VersionUseCases

__all__ = ["Description", "Incoming", "Mark", "Paper", "Workbench"]


class Workbench(
    PeopleUseCases,
    VersionUseCases,
    ArrivalUseCases,
    ReviewUseCases,
    MaterialUseCases,
    SettlingUseCases,
    PaperUseCases,
    LearningUseCases,
):
    """All use cases over one store. Holds no connection; safe to share between threads."""
