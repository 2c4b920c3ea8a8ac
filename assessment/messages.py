"""Every message a person can be shown when something cannot be done, numbered so it can be quoted.

Each message says what happened and what to do next; ``{name}`` fields are filled by the raiser.
Ranges: E1xx documents, E2xx screening and models, E3xx checklists, E4xx records, E5xx use cases
(who may, in which state), E6xx opinions, E7xx accounts and sign-in, E8xx plans, E9xx training.

    WorkbenchError
    ├── DocumentError     a file cannot be read            (E1xx)
    ├── ScreeningError    a model or lexicon is unusable   (E2xx)
    ├── ChecklistError    a checklist file is wrong        (E3xx)
    ├── RecordsError      the store refuses or is damaged  (E4xx)
    │   └── ConflictError somebody else saved first        (E401)
    ├── NotAllowedError   this person, or not in this state (E5xx)
    ├── OpinionError      an opinion cannot be made        (E6xx)
    ├── AccountError      sign-in or account trouble       (E7xx)
    ├── PlanError         a plan file cannot be read       (E8xx)
    └── TrainingError     a model cannot be trained        (E9xx)
"""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # -- documents -----------------------------------------------------------------------------
    # -- screening and models ------------------------------------------------------------------
    # -- checklists ----------------------------------------------------------------------------
    # -- records -------------------------------------------------------------------------------
    # -- use cases -----------------------------------------------------------------------------
    # -- opinions ------------------------------------------------------------------------------
    # -- accounts ------------------------------------------------------------------------------
    # -- plans ---------------------------------------------------------------------------------
    # -- training ------------------------------------------------------------------------------
}


class WorkbenchError(Exception):
    """A numbered, user-readable refusal.

    Args:
        code: a key of ``MESSAGES``, such as ``"E101"``.
        **fields: values for the message's ``{name}`` fields.
    """

    def __init__(self, code: str, **fields: object) -> None:
        self.code = code
        self.message = MESSAGES[code].format(**fields)
        super().__init__(f"{code} {self.message}")


class DocumentError(WorkbenchError):
    """A file cannot be read as a draft."""


class ScreeningError(WorkbenchError):
    """A model or a lexicon is missing, damaged or of another version."""


class ChecklistError(WorkbenchError):
    """A checklist file breaks a rule; the message names file, line and key."""


class RecordsError(WorkbenchError):
    """The store refuses a write or is found damaged."""


class ConflictError(RecordsError):
    """The case changed after the caller last looked at it."""


class NotAllowedError(WorkbenchError):
    """This person may not do this, or not while the case is in this state."""


class OpinionError(WorkbenchError):
    """An opinion cannot be composed or signed."""


class AccountError(WorkbenchError):
    """An account cannot be made or a person cannot sign in."""


class PlanError(WorkbenchError):
    """A development plan cannot be read."""


class TrainingError(WorkbenchError):
    """A model cannot be trained or evaluated."""
