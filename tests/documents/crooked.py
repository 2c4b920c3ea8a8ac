"""A page of our own words as a scanner or a telephone might show it."""

from __future__ import annotations

import io

import cv2
import numpy
import pypdfium2 as pdfium
from PIL import Image

from .builders import page, pdf, wrapped

TITLE = "云川市社区食堂管理办法"
ARTICLES = (
    "第一条 为了规范社区食堂的开办和管理，方便老年人、儿童和双职工家庭就近用餐，结合本市实际，制定本办法。",
    "第二条 街道办事处应当每年听取居民代表对社区食堂的意见，并将采纳情况在公告栏内公布，公布时间不少于十日。",
    "第三条 社区食堂应当具备下列条件：",
    "（一）有固定的用餐场所，通道和卫生间便于轮椅和婴儿车通行；",
    "（二）有与用餐人数相适应的工作人员，工作人员持有健康证明。",
    "第四条 学生在寒假、暑假期间凭学生证用餐的，收费不得高于平日的标准，差额由街道办事处补足。",
    "第五条 违反本办法规定的，由市场监督管理部门责令限期改正；逾期不改正的，终止委托合同。",
    "第六条 社区食堂应当在显著位置公示菜谱、价格、食材来源和监督电话。",
    "菜谱应当标明可能引起过敏的食材，并备有适合低龄儿童的餐食和座椅。",
    "第七条 鼓励企业、社会组织和个人以捐赠、志愿服务等方式支持社区食堂，捐赠情况每季度公布一次，接受捐赠人和居民的监督。",
    "第八条 街道办事处应当与社区食堂签订委托合同，合同载明用餐人数、服务时间、收费标准、补贴办法、退出条件以及争议解决的办法。",
    "第九条 社区食堂停止营业的，应当提前三十日告知街道办事处和用餐人，并退还尚未使用的餐费；街道办事处应当及时安排其他场所供餐。",
    "第十条 本办法所称社区食堂，是指由街道办事处委托、面向本社区居民供餐的场所，不包括单位内部食堂和商业餐馆。",
    "第十一条 区人民政府每两年对社区食堂的运行情况进行一次评估，评估应当听取妇女、儿童、老年人和残疾人的意见，结果向社会公开。",
    "第十二条 本办法自公布之日起施行。",
)

LABELS = (
    "第一条", "第二条", "第三条", "（一）", "（二）", "第四条", "第五条", "第六条", "第一款", "第二款",
    "第七条", "第八条", "第九条", "第十条", "第十一条", "第十二条",
)  # fmt: skip


def sheet(lines: tuple[str, ...] = ARTICLES) -> Image.Image:
    """A page at 200 dots to the inch, lines of 36 characters, first lines set in by two."""
    body = page(wrapped(lines, 36), left=80, top=740, size=12)
    places = [
        (200.0, 780.0, 18, TITLE),
        *((x, 740 - (740 - y) * 0.75, size, text) for x, y, size, text in body),
    ]
    document = pdfium.PdfDocument(pdf([places]))
    picture: Image.Image = document[0].render(scale=200 / 72).to_pil().convert("RGB")
    document.close()
    return picture


def turned(picture: Image.Image, degrees: float) -> Image.Image:
    """As it comes from a glass on which it lay crooked."""
    return picture.rotate(degrees, resample=Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255))


def photographed(picture: Image.Image) -> Image.Image:
    """Held from below and from one side, a shadow over one half, on a grey table."""
    width, height = picture.size
    flat = numpy.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=numpy.float32)
    seen = flat + numpy.array([[90, 60], [-40, 100], [-10, 0], [20, -40]], dtype=numpy.float32)
    matrix = cv2.getPerspectiveTransform(flat, seen)
    image = cv2.warpPerspective(numpy.asarray(picture), matrix, (width, height), borderValue=(120, 120, 115))
    light = numpy.linspace(1.0, 0.55, width)[None, :, None] * numpy.linspace(0.9, 1.0, height)[:, None, None]
    noise = numpy.random.default_rng(3).normal(0, 4, image.shape)
    return Image.fromarray(numpy.clip(image * light + noise, 0, 255).astype(numpy.uint8))


def jpeg(picture: Image.Image) -> bytes:
    """As a telephone stores it."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
