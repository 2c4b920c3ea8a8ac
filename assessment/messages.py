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
    "E301": "清单文件 {file} 不是 UTF-8 编码，无法读取。已有评分不受影响；请用 UTF-8 编码另存后再试。",
    "E302": "清单文件 {file} 第 {line} 行：YAML 格式有误（{detail}）。请检查缩进、冒号后的空格和引号。",
    "E303": "清单文件 {file} 第 {line} 行：不接受{detail}。请把内容直接写出来。",
    "E304": "清单文件 {file} 第 {line} 行：“{key}”写了两次，请只留一个。",
    "E305": "清单文件 {file} 第 {line} 行：缺少“{key}”，请补上。",
    "E306": "清单文件 {file} 第 {line} 行：不认识“{key}”，请对照清单编写说明改正或者删去。",
    "E307": "清单文件 {file} 第 {line} 行：“{key}”应当是{expected}。",
    "E308": "清单文件 {file} 第 {line} 行：“{key}”不能为空。",
    "E309": "清单文件 {file} 第 {line} 行：“{key}”的值“{value}”不在允许范围内，可用的有：{allowed}。",
    "E310": "清单文件 {file} 第 {line} 行：“{key}”的编号“{value}”与前面的清单项重复。",
    "E311": "清单文件 {file} 第 {line} 行：“{key}”须给符合、部分符合、不符合各一个分值，由高到低，最高 100，最低不小于 0。",
    "E312": "清单文件 {file} 第 {line} 行：“{key}”的值“{value}”不是日期，请写成 2026-01-31 的样子。",
    "E313": "清单文件 {file} 第 {line} 行：“{key}”应当是从 1 起的整数。",
    "E314": "清单文件 {file} 第 {line} 行：“{key}”的引文“{value}”写法不对，请写成“妇女权益保障法第四十三条”的样子。",
    "E315": "清单文件 {file} 第 {line} 行：“{key}”的值“{value}”写法不对，{expected}。",
    "E316": "清单文件夹 {folder} 里，{file} 与 {other} 的编号、版本相同（{value}），无法区分。请提高其中一个的版本号。",
    "E320": "“{item}”选了“{answer}”，须写明理由。其他答案已经保存；请补写理由后再保存本项。",
    "E321": "清单“{checklist}”里没有“{item}”这一项，可能清单已换版本。请刷新页面后重试。",
    "E322": "“{item}”的答案“{answer}”不在允许范围内，可用的有：{allowed}。",
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
