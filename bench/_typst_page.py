"""The page of bench/certificates.py for Typst: the same border, boxes, fonts and sizes."""

import json

from services.certificates_codes import path
from services.certificates_rendering import Paper
from services.certificates_values import values_of

SOURCE = """
#let v = json(bytes(sys.inputs.values))
#set document(title: "荣誉证书 " + v.number, date: auto)
#set page(width: 297mm, height: 210mm, margin: 0mm,
  background: image("border.svg", width: 297mm, height: 210mm))
#set text(font: "LXGW WenKai", lang: "zh", region: "cn", fill: rgb("#221a14"))
#set par(leading: 0.75em)
#let at(x, y, w, h, where, body) = place(top + left, dx: x * 1mm, dy: y * 1mm,
  box(width: w * 1mm, height: h * 1mm, align(where, body)))
#show heading: it => text(font: "Noto Serif CJK SC", weight: 700, size: 42pt,
  fill: rgb("#a3211f"), tracking: 37.8pt, it.body)
#at(60, 44, 177, 20, center + horizon)[= 荣誉证书]
#at(42, 70, 62, 14.5, center + bottom, text(size: 26pt, weight: 700, v.name))
#at(107, 70, 40, 14.5, left + bottom, text(size: 22pt)[同志：])
#at(42, 91, 213, 49, left + top, {
  set text(size: 21pt)
  set par(first-line-indent: (amount: 2em, all: true))
  par[在#v.edition#v.event;赛项（#v.division）中荣获#text(weight: 700, fill: rgb("#a3211f"),
    v.award)#v.honours;。]
  par[特发此证。]
})
#at(160, 142, 96, 26, center + bottom, text(size: 15pt, v.issuers))
#at(160, 169, 96, 9, center + horizon, text(size: 15pt, v.date))
#at(68, 154, 90, 24, left + horizon, text(size: 9.5pt, fill: rgb("#40342a"))[
  证书编号：#v.number \\ 核 验 码：#v.code \\ 扫描二维码或登录网站，可核验本证书真伪])
#at(42, 154, 24, 24, left + top,
  image(bytes(sys.inputs.qr), format: "svg", width: 24mm, alt: "核验二维码"))
"""


def inputs(paper: Paper) -> dict[str, str]:
    """Return what differs from one certificate to the next."""
    side, drawn = path(paper.check_url)
    return {
        "values": json.dumps(values_of(paper.facts, paper.check_code), ensure_ascii=False),
        "qr": (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
            f'<path d="{drawn}"/></svg>'
        ),
    }
