"""Small pages that show each component and behaviour once, apart from the product's data."""

from datetime import UTC, datetime
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path, reverse

from config.urls import urlpatterns as product_urls
from lib.formats import Rate
from lib.pagination import Page
from organization.guards import public

received: list[dict] = []

HEAD = "{% extends 'base.html' %}{% load i18n ui static %}{% block title %}样张{% endblock %}{% block scripts %}"
FILES = ("filters", "draft", "counter", "select_all")
SCRIPTS = "".join(f'<script src="{{% static \'js/{name}.js\' %}}" type="module"></script>' for name in FILES)
START = HEAD + SCRIPTS + "{% endblock %}{% block content %}"
END = "{% endblock %}"

COMPONENTS = """
{% include "components/_page_header.html" with title="样张" lead="一句话" action_url="/" action_label="记一笔" action_icon="plus-lg" back_url="/" back_label="工作台" crumbs=crumbs %}
<ul class="tiles">
{% include "components/_tile.html" with label="联系人次" value=128 unit="人次" url="/" note="上月 117" %}
{% include "components/_tile.html" with label="办结率" share=share definition="到期的问题中已有结果的比例。" url="/" %}
{% include "components/_tile.html" with label="满意率" share=nothing %}
{% include "components/_tile.html" with label="超期" value=3 url="/" is_alarm=True %}
</ul>
<section class="panel"><h2>过程</h2>{% include "components/_timeline.html" %}</section>
<section class="panel"><h2>状态</h2>
{% for tone in tones %}{% badge "状态" tone %} {% endfor %}
<div>回复率 {% rate share "到期的问题中已答复的比例。" %}</div></section>
{% for tone in tones %}{% include "components/_note.html" with text="说明" action_url="/" action_label="去看" %}{% endfor %}
<section class="panel">{% include "components/_empty.html" with title="没有内容" text="原因。" action_url="/" action_label="下一步" %}</section>
<section class="panel panel-flush"><div class="scroll-x" tabindex="0" role="region" aria-label="各组"><table class="figures">
<thead><tr><th scope="col">小组</th><th scope="col">次数</th></tr></thead>
<tbody><tr><th scope="row">第一组</th><td><a href="/">32</a></td></tr></tbody></table></div></section>
"""  # noqa: E501

ROWS = """{% load i18n ui %}{% include "components/_active_filters.html" with form=form %}
<div class="list-head"><span data-announce>共 {{ page.total_text }} 条，状态 {{ chosen|default:"全部" }}</span></div>
<section class="panel panel-flush"><table class="list">
<thead><tr><th scope="col" class="cell-pick"><label><input class="form-check-input" type="checkbox" data-select-all="pick"><span class="visually-hidden">全选</span></label></th>
<th scope="col">内容</th><th scope="col">状态</th><th scope="col">日期</th></tr></thead>
<tbody>{% for row in page %}<tr{% if row == 1 %} class="is-alarm"{% endif %}>
<td class="cell-pick"><label><input class="form-check-input" type="checkbox" name="pick" value="{{ row }}"><span class="visually-hidden">选择第 {{ row }} 条</span></label></td>
<td class="cell-title"><a href="/gallery/form/"><span class="clamp-2">夜班食堂的饭菜到井口就凉了，能不能加个保温箱</span></a></td>
<td>{% badge "待归并" "waiting" %}</td><td class="num" data-label="登记">2016-08-0{{ row }}</td></tr>{% endfor %}</tbody></table></section>
<div class="bulk-bar"><span>已选 <span data-selected-count>0</span> 条</span><button class="btn btn-primary" type="button" data-needs-selection disabled>归并</button></div>
{% include "components/_pager.html" %}
"""  # noqa: E501

LIST = """{% include "components/_page_header.html" with title="列表" %}{% include "components/_filters.html" %}
<div id="rows">ROWS</div>"""

FORM = """{% include "components/_page_header.html" with title="表单" %}
<div class="panel">{% include "components/_form.html" with submit_label="保存" cancel_url="/" draft=draft %}</div>"""


class FilterForm(forms.Form):
    q = forms.CharField(label="搜索", required=False)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("waiting", "待归并"), ("merged", "已归并")]
    )
    order = forms.ChoiceField(label="排序", required=False, choices=[("", "最近登记"), ("due", "最早到期")])


class SampleForm(forms.Form):
    key = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-draft-key": ""}))
    title = forms.CharField(label="标题", max_length=40, help_text="一句话说清是什么事")
    text = forms.CharField(
        label="聊了什么", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 4, "data-counter": ""})
    )
    friends = forms.MultipleChoiceField(
        label="见了谁", choices=[(1, "王建国"), (2, "李秀英")], widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(
        label="方式", choices=[("face", "面对面"), ("phone", "电话")], widget=forms.RadioSelect, required=False
    )


def drawn(request: HttpRequest, source: str, **context) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(source).render(context, request))


@public
def components(request: HttpRequest) -> HttpResponse:
    messages.success(request, "已归并 3 条。", extra_tags="undo:/gallery/undo/")
    messages.error(request, "没有保存。")
    when = datetime(2016, 8, 31, 4, 0, tzinfo=UTC)
    items = [SimpleNamespace(icon="send", tone="busy", title="交办", who="办公室", when=when, text="两行\n文字")]
    return drawn(
        request,
        START + COMPONENTS + END,
        share=Rate(6, 7),
        nothing=Rate(0, 0),
        items=items,
        crumbs=[("工作台", "/")],
        tones=["plain", "good", "busy", "wait", "alarm", "calm"],
    )


@public
def rows(request: HttpRequest) -> HttpResponse:
    form = FilterForm(request.GET)
    page = Page([1, 2, 3], 2, 3, total=9, is_capped=False)
    source = ROWS if request.htmx else START + LIST.replace("ROWS", ROWS) + END
    return drawn(request, source, form=form, page=page, chosen=request.GET.get("state", ""))


@public
def sample_form(request: HttpRequest) -> HttpResponse:
    """`?draft=` names its draft; `?expired` behaves as if the session had ended."""
    if request.method == "POST" and "expired" in request.GET:
        return redirect(reverse("account_login"))
    form = SampleForm(request.POST or None)
    if request.method == "POST":
        received.append(request.POST.dict())
        if form.is_valid():
            messages.success(request, "已保存。", extra_tags=f"saved:{request.GET.get('draft', '')}")
            return redirect("/gallery/rows/")
    return drawn(request, START + FORM + END, form=form, draft=request.GET.get("draft", ""))


urlpatterns = [
    *product_urls,
    path("gallery/", components),
    path("gallery/rows/", rows),
    path("gallery/form/", sample_form),
]
