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
    "E101": "文件是空的，没有内容可读。请确认选对了文件，重新上传。",
    "E102": "文件有 {size} MB，超过 {limit} MB 的上限，没有读入。请压缩图片或拆分附件后再传。",
    "E103": "文件里没有读到任何条文或段落。请确认正文已写入文件，且不是只有页眉、图片或目录。",
    "E104": "Word 文件不完整或已损坏，没有读入。请用 Word 或 WPS 打开原件，另存为 .docx 后重新上传。",
    "E105": "文件设有打开密码（已加密），没有读入。请取消密码，另存为 .docx 后重新上传。",
    "E106": "这是旧版 .doc、.wps、.rtf 或 .odt 文件，本机没有安装 LibreOffice，不能转换。请用 Word 或 WPS 打开，另存为 .docx 后重新上传，或请管理员安装 LibreOffice。",
    "E107": "PDF 设有密码（已加密），没有读入。请用有权限的账号取消密码，或改传 .docx。",
    "E108": "PDF 不完整或已损坏，没有读入。请重新导出或重新下载后再传，或改传 .docx。",
    "E109": "PDF 没有文字，也没有可供识别的图像，没有读入。请确认选对了文件，或上传 .docx 原稿。",
    "E110": "压缩内容展开后过大或条目过多，疑为异常文件，没有读入。请用 Word 或 WPS 打开原件，另存为 .docx 后再传。",
    "E111": "文件内部的 XML 含有外部实体或文档类型声明，为安全起见没有读入。请用 Word 或 WPS 另存为 .docx 后再传。",
    "E112": "PDF 有 {pages} 页，超过 {limit} 页的上限，没有读入。请只上传草案正文，或拆分后分别上传。",
    "E113": "这是旧式 Office 文件，但不是能读的 Word 文稿。请用 Word 或 WPS 打开，另存为 .docx 后重新上传。",
    "E114": "文件内容不是可识别的文稿或文字编码，没有读入。请确认文件未损坏，另存为 .docx 或 UTF-8 文本后再传。",
    "E115": "文本中夹有空字符（NUL），可能传输出错，没有读入。请用原程序重新导出，另存为 UTF-8 文本或 .docx 后再传。",
    "E116": "OFD 文件不完整或已损坏，没有读入。请用 OFD 阅读器打开原件，重新导出后再传，或改传 .docx。",
    "E118": "图片打不开，可能不完整或已损坏，没有读入。请重新扫描或拍照，存为 .jpg 或 .png 后再传。",
    "E119": "这是压缩包，不是文稿。请在“收到草案”处整包上传，由程序列出其中的文件；或解压后逐个上传。",
    "E120": "这是电子表格或演示文稿，不是文稿。请把要评估的内容放入 Word，另存为 .docx 后再传。",
    "E121": "这是网页存档或 XML 格式的 Word 文件，暂不能直接读取。请用 Word 或 WPS 打开，另存为 .docx 后再传。",
    "E123": "文稿过长，条款或段落超过 {limit} 个的上限，没有读入。请只上传草案正文，或拆分后分别上传。",
    "E124": "保存的文稿解析结果已损坏或版本不符，不能使用。原始文件不受影响；请用原件重新解析。",
    "E125": "LibreOffice 打不开这个文件，可能已损坏或带有打开密码，没有读入。请用 Word 或 WPS 打开，另存为 .docx 后重新上传。",
    "E126": "转换文件超过 {seconds} 秒仍未完成，已停止，没有读入。请用 Word 或 WPS 打开，另存为 .docx 后重新上传。",
    "E127": "OFD 页面里的字是用线条画出来的，没有文字，也没有可供识别的图片，没有读入。请上传 .docx 原稿，或把页面导出为图片或扫描件后再传。",
    "E129": "这是扫描件或图片，本机没有安装文字识别组件（rapidocr），没有读入。请上传 .docx 原稿，或请管理员按 requirements.txt 安装后重试。",
    "E130": "图片里没有识别到文字，没有读入。请确认图片清晰、方向端正，重新扫描后再传，或上传 .docx 原稿。",
    "E131": "图片过大（{width}×{height} 像素），没有读入。请按 200～300 dpi 重新扫描，或缩小后再传。",
    "E132": "需要识别的图像有 {pages} 页，超过 {limit} 页的上限，没有读入。请只上传草案正文，或拆分后分别上传。",
    "E133": "读取文件所需的内存超过上限，已停止，没有读入，其他工作不受影响。请压缩图片或拆分后再传，或另存为 .docx。",
    "E136": "压缩包不完整或已损坏，没有读入。请重新压缩或重新下载后再传，或解压后逐个上传。",
    "E137": "压缩包设有密码（已加密），没有读入。请取消密码重新压缩，或解压后逐个上传。",
    "E138": "压缩包里的内容过多（最多 {members} 个文件，单个不超过 {each} MB，展开后不超过 {limit} MB）或压缩比异常，没有读入。请只保留草案和相关材料，重新压缩后再传。",
    "E139": "压缩包里有不安全或重复的文件名（如绝对路径、“..”、链接），为安全起见没有读入。请解压后核对，重新压缩后再传。",
    "E140": "压缩包里还有压缩包（{name}），没有读入。请先解压里层的压缩包，把其中的文件直接放进来再压缩。",
    "E141": "这是 .rar、.7z 等格式的压缩包，只能打开 .zip，没有读入。请解压后逐个上传，或改压为 .zip。",
    "E142": "压缩包里没有文件，没有读入。请确认选对了压缩包。",
    # -- screening and models ------------------------------------------------------------------
    "E201": "词表 {file} 不能使用：{problem}。草案和已有标注不受影响；请恢复随程序发布的词表文件后重试。",
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
    "E401": (
        "他人已先保存：{what}（{at}）。您填写的内容仍在页面上，没有丢失，也没有覆盖他人的内容；"
        "请查看最新内容，核对后再保存。"
    ),
    "E402": "没有这个评估事项（{case}）。它可能属于另一个单位，或网址有误；请从台账中打开。",
    "E403": "评估事项（{case}）已经存在，没有重复建立。请从台账中打开原有事项。",
    "E404": "评估事项编号无效（{case}）。没有写入任何内容；请从台账中打开事项。",
    "E405": "这一步所依据的文件尚未存妥（{name}），没有写入任何内容。请重新上传或重新生成后再试。",
    "E406": (
        "事项{case}在两处各自续写，已经分叉（从第{case_seq}条起不同），没有导入这一事项。"
        "本地内容不受影响；请与来源单位核对以哪一份为准。"
    ),
    "E407": "交换包中的第{line}条记录无法识别，没有导入任何内容。文件可能已损坏，或来自更新版本的程序；请索取新包或升级后再试。",
    "E408": "事项{case}第{case_seq}条记录有误（{reason}），没有写入任何内容。请向来源单位索取该事项的完整交换包。",
    "E409": "单位{site}的第{seq}号流水已用于另一条记录，没有写入任何内容。来源单位可能曾用旧备份恢复；请与其核对。",
    "E410": "文件没有存成：{reason}。已有资料不受影响；请检查磁盘空间和权限后重新上传。",
    "E411": "文件编号无效（{name}）。请从事项页面打开文件。",
    "E412": "文件库中找不到文件（{name}）。其他资料不受影响；请用备份恢复，或重新上传原件。",
    "E413": "文件内容与编号不符，可能已损坏（{name}）。请勿使用；请用备份恢复，或重新上传原件。",
    "E414": "数据库暂时无法读写：{reason}。已保存的内容不受影响，您填写的内容仍在页面上；请检查磁盘空间和权限后重试。",
    "E415": "数据库文件{name}已损坏，无法读取。请勿继续写入；请保留原文件，并用最近的备份恢复。",
    "E416": "已经保存，但台账没有跟上（{reason}）。请勿重复填写；问题排除后重新打开页面，台账会自动补齐。",
    "E420": "这不是本程序的{wanted}（{reason}），没有改动任何内容。请选择正确的文件。",
    "E421": "包内文件缺失或已损坏（{name}），没有改动任何内容。请重新取得完整的文件。",
    "E422": "包过大（{reason}），没有改动任何内容。请分批导出，或联系管理员。",
    "E423": "目标文件夹已有资料（{folder}），没有改动任何内容。确需替换时，请明确选择替换；原有资料会另存一份。",
    "E424": "备份未通过核验（{place}：{reason}），没有改动任何内容。请换用另一份备份。",
    "E425": "恢复时无法替换文件夹（{reason}），原有资料不受影响。请停止程序，检查权限以及该文件夹是否为挂载点，然后重试。",
    "E426": "没有写成{path}：{reason}。已有资料不受影响；请检查磁盘空间和权限后重试。",
    # -- use cases -----------------------------------------------------------------------------
    "E501": "您的角色不能{what}。如确有需要，请与管理员或妇儿工委办联系。",
    "E502": "本事项现为“{state}”，此时不能{what}。请刷新页面查看最新进展。",
    "E503": "本机已有账户，不能再建立第一个账户。请直接登录，或请管理员为您添加账户。",
    "E504": "请至少选定一份清单和一位评分人员。",
    "E505": "请写明理由。没有理由的判断不能保存；您填写的其他内容仍在页面上。",
    "E506": "所选人员中有人不是评估专家或账户已停用。请重新选择。",
    "E507": "已有人据此作答，不能移除。请先由其本人或妇儿工委办处理已填写的评分表。",
    "E508": "排除一条标注或缺项时请写明理由（例如：属于法定特殊保护）。",
    "E509": "疑似问题条款至少要选一个问题类型。",
    "E510": "所选文字不在草案条款之内。请重新选择要标注的原文。",
    "E511": "这份评分表已提交，不能再改。如需修改，请由妇儿工委办退回。",
    "E512": "还有 {missing} 项没有作答，暂不能提交。已填写的内容都已保存。",
    "E513": "这份评分表尚未提交，不需要退回。",
    "E514": "评估意见在您打开之后已有变动，本次没有签发。请刷新页面，核对新的意见后再签发。",
    "E515": "没有这个评估事项，或者您无权查看。",
    "E516": "没有找到这条标注，可能草案已重新筛查。请刷新页面。",
    "E517": "您不在本事项的评分人员之内，不能填写评分表。",
    "E518": "本事项没有选用这份清单。请刷新页面。",
    "E519": "本事项还没有完成筛查，请先筛查。",
    # -- opinions ------------------------------------------------------------------------------
    "E601": "还没有选择总体结论，不能形成评估意见。请先在“总体结论”中选择并保存。",
    "E611": "这份评估意见的存档内容不完整，无法打开。其他事项不受影响；请用备份恢复，或者重新生成评估意见。",
    # -- accounts ------------------------------------------------------------------------------
    "E701": "用户名或密码不对。请核对后重试；忘记密码请联系管理员重设。",
    "E702": "连续输错次数过多，该账号已暂停登录。请在{until}之后再试，或联系管理员重设密码。",
    "E703": "用户名“{name}”为空或已被使用，账号没有建立。请换一个用户名。",
    "E704": "密码过于简单，没有保存。请使用{long}个以上字符；或{short}个以上字符，且大写字母、小写字母、数字、符号中至少有三类。",
    "E705": "密码中不能含有用户名，没有保存。请换一个密码。",
    "E706": "这是常见密码，容易被猜到，没有保存。请换一个密码。",
    "E707": "角色无效：{roles}。没有保存；可选的角色有：{known}。",
    "E708": "没有这个账号。请刷新账号列表后重试。",
    "E709": "该账号已停用。如需恢复，请联系管理员。",
    "E710": "这是最后一个可用的管理员账号，不能停用或取消其管理员角色。请先设立另一个管理员。",
    "E712": "登录请求不是从本工作台的页面发出的，已拒绝。请从本页面重新填写。",
    "E713": "两次输入的密码不一致，请重新输入。",
    # -- plans ---------------------------------------------------------------------------------
    "E801": "没有在文本中找到发展规划的主要目标。请确认文件是妇女或儿童发展规划的正文，且目标前有“主要目标”字样；现有规划目标没有改动。",
    "E802": "规划的“{domain}”部分有“主要目标”，但没有从1开始编号的目标。请检查该部分的文字是否完整后重新导入；现有规划目标没有改动。",
    # -- training ------------------------------------------------------------------------------
    "E901": "文件夹 {folder} 中没有标注样本。请确认路径，文件名应以 .jsonl 结尾。",
    "E902": "标注文件 {file} 第 {line} 行不是完整的 JSON 对象：{problem}。现有模型不受影响；请改正后重新训练。",
    "E903": "标注文件 {file} 第 {line} 行的 {key} 不正确：{problem}。现有模型不受影响；请改正后重新训练。",
    "E904": "标注样本 {first} 与 {second} 的 {what} 相同，会使评测失真。请删去其中一条后重新训练。",
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
