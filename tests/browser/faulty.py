"""Pages with one planted fault each, and one without any, for the test of the gates themselves."""

import random

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as product_urls
from organization.guards import public

HEAD = """<!doctype html><html{lang}><head><meta charset="utf-8"><title>页</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{styles}</head><body>
<main><h1>页</h1>{body}</main></body></html>"""
STYLES = '<link rel="stylesheet" href="/static/css/tokens.css">'

FAULTS = {
    "none": "<p>没有问题</p>",
    "axe": '<img src="/static/icons/mark.svg">',
    "console": '<p onclick="1">策略不允许的内联脚本</p><script>1</script>',
    "sideways": "<pre>" + "很长" * 200 + "</pre>",
    "small": '<button type="button">小</button>',
    "zooming": '<label>输入<input name="a"></label>',
    "headings": "<h1>第二个</h1>",
    "comment": "{# 注释 #}",
    "heavy": "<p hidden>" + random.Random(1).randbytes(200_000).hex() + "</p>",
    "language": "<p>没有语言</p>",
    "unstyled": "<p>没有样式</p>",
}


@public
def faulty(request: HttpRequest, name: str) -> HttpResponse:
    lang = "" if name == "language" else ' lang="zh-CN"'
    styles = "" if name == "unstyled" else STYLES
    return HttpResponse(HEAD.format(lang=lang, styles=styles, body=FAULTS[name]))


urlpatterns = [*product_urls, path("faulty/<str:name>/", faulty)]
