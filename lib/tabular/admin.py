"""Import in Django admin: django-import-export's addresses, buttons and permission, with our own reading and writing.

Upload → preview with choices → confirm: all accepted rows in one transaction, the others go back as a workbook.
The way back is the export: what the list shows, in the columns that the import reads.
"""

from __future__ import annotations

from copy import copy
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportMixin

from lib.acting import ActingRequest, posted
from lib.errors import Refused
from lib.formats import file_name
from lib.periods import today
from lib.tabular import export, kept, preview, writing
from lib.tabular.cells import ACCEPTED
from lib.tabular.columns import letter
from lib.tabular.importer import Importer
from lib.tabular.outcome import NEEDS_MAPPING, Outcome
from lib.tabular.reading import read
from lib.tabular.refusal import FileRefused
from lib.tabular.returned import returned
from lib.tabular.sheets import Table
from lib.tabular.words import MAPPING, OUTCOMES

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_READ = "-"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("文件"),
        help_text=_("xlsx、xls、csv 均可，不超过 25 MB。"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.xlsm,.csv,.txt,.htm,.html"}),
        error_messages={"required": _("请选择文件。"), "empty": _("文件是空的（0 字节），请重新导出后再上传。")},
    )
    sheet = forms.CharField(
        label=_("工作表"), required=False, max_length=40, help_text=_("文件里有几张名单时填写，一般不用填。")
    )

    def ask_sheet(self, names: list[str]) -> None:
        self.fields["sheet"] = forms.ChoiceField(label=_("工作表"), choices=[(name, name) for name in names])

    def ask_columns(self, table: Table, importer: Importer) -> None:
        """One select per column of the file: what it holds. It stands on what was recognised, except where two columns
        mean the same: there the user decides."""
        choices: list[tuple[str, Any]] = [("", _("自动识别")), (NOT_READ, _("不读取"))]
        choices += [(column.name, column.title) for column in importer.columns()]
        titles = [title.replace("\n", "/") for title in table.titles]
        # The form has been sent, so what it shows is what was sent.
        shown: Any = copy(self.data)
        self.data = shown
        rivals = {index for same in table.rivals.values() for index in same}
        for index, (title, found) in enumerate(zip_longest(titles, table.fields)):
            if title:
                self.fields[f"map-{index}"] = forms.ChoiceField(label=title, choices=choices, required=False)
                if found and index not in rivals:
                    shown.setdefault(f"map-{index}", found)
        for meaning, same in table.rivals.items():
            for index in same:
                others = "”、“".join(f"{letter(other)} {titles[other]}" for other in same if other != index)
                told = gettext("这一列和“%(others)s”都像是“%(meaning)s”，请在其中一列选“%(meaning)s”，其余选“不读取”。")
                self.add_error(f"map-{index}", told % {"others": others, "meaning": meaning})


def posted_mapping(request: ActingRequest) -> dict[int, str]:
    pairs = ((name[4:], str(value)) for name, value in request.POST.items() if name.startswith("map-"))
    return {int(index): value for index, value in pairs if index.isdigit() and len(index) < 4 and value}


class RosterImportMixin(ImportMixin):
    """For an admin class whose table is filled from rosters; ``importer_class`` knows how.

    Tables about people need the class that writes down which files leave (`records.rosters`).
    """

    importer_class: type[Importer]
    export_template_name = "admin/import_export/export.html"
    import_template_name = "admin/import_export/import.html"
    preview_template_name = "admin/import_export/preview.html"

    def has_import_permission(self, request: ActingRequest) -> bool:
        return self.has_change_permission(request)

    def get_urls(self) -> list:
        app, model = self.get_model_info()
        pages = (
            ("import/", self.import_action, "import"),
            ("import/template/", self.import_template, "import_template"),
            ("import/<str:token>/", self.import_preview, "import_preview"),
            ("import/<str:token>/returned/", self.import_returned, "import_returned"),
            ("process_import/", self.process_import, "process_import"),
            ("export/", self.export_action, "export"),
        )
        own = [
            path(route, self.admin_site.admin_view(view), name=f"{app}_{model}_{name}") for route, view, name in pages
        ]
        return own + super(ImportMixin, self).get_urls()

    def importer(self, request: ActingRequest) -> Importer:
        if not self.has_import_permission(request):
            raise PermissionDenied
        return self.importer_class(scope=request.actor.unit, by=request.user)

    def owner(self, request: ActingRequest) -> str:
        """Whose tables they are: another account, another role or another kind of table does not find them."""
        unit = request.actor.unit
        return f"{request.user.pk}/{request.actor.role}/{unit.pk if unit else 0}/{self.importer_class.kind}"

    def address(self, name: str, *args: Any) -> str:
        app, model = self.get_model_info()
        return reverse(f"admin:{app}_{model}_{name}", args=args, current_app=self.admin_site.name)

    # -- upload
    def import_action(self, request: ActingRequest) -> HttpResponse:
        importer = self.importer(request)
        form = UploadForm(posted(request), request.FILES or None)
        if request.method == "POST" and form.is_valid():
            token = self._take(request, importer, form)
            if token:
                return redirect(self.address("import_preview", token))
        context = {
            "title": gettext("导入%s") % self.opts.verbose_name_plural,
            "form": form,
            "columns": importer.columns(),
            "template_url": self.address("import_template"),
        }
        return self._page(request, self.import_template_name, context)

    def _take(self, request: ActingRequest, importer: Importer, form: UploadForm) -> str | None:
        """Reads the file and keeps its tables; or says in the form what is the matter."""
        mapping = posted_mapping(request)
        try:
            book = read(form.cleaned_data["file"].read())
            tables = importer.take(book, sheet=form.cleaned_data["sheet"] or None, mapping=mapping or None)
        except FileRefused as refusal:
            form.add_error("file", str(refusal.message))
            return None
        outcome = importer.judge(tables)
        if outcome.outcome == NEEDS_MAPPING:
            self._ask(form, importer, tables[0])
            return None
        token = kept.keep(self.owner(request), tables)
        self._keep_view(request, token, importer, tables, outcome, preview.Choices())
        return token

    def _ask(self, form: UploadForm, importer: Importer, table: Table) -> None:
        why = table.about.why
        form.add_error("file", gettext("%s然后再选一次文件。") % MAPPING.get(why, OUTCOMES[NEEDS_MAPPING]))
        if why == "several_sheets":
            form.ask_sheet(list(table.about.columns))
        else:
            form.ask_columns(table, importer)

    def _keep_view(
        self,
        request: ActingRequest,
        token: str,
        importer: Importer,
        tables: list[Table],
        outcome: Outcome,
        choices: preview.Choices,
        **more: Any,
    ) -> None:
        shown = preview.view(importer, tables, outcome, choices)
        kept.keep_view(self.owner(request), token, {**shown, "done": False, **more})

    # -- preview and confirmation
    def import_preview(self, request: ActingRequest, token: str) -> HttpResponse:
        importer = self.importer(request)
        shown = kept.view_of(self.owner(request), token)
        if shown is None:
            messages.warning(request, gettext("这次导入已过期或已取消，请重新上传文件。"))
            return redirect(self.address("import"))
        if request.method == "POST" and not shown["done"]:
            return self._act(request, token, importer, shown)
        context = {
            "title": gettext("导入结果") if shown["done"] else gettext("预览：%s") % self.opts.verbose_name_plural,
            "view": shown,
            "returned_url": self.address("import_returned", token),
            "again_url": self.address("import"),
            "list_url": self.address("changelist"),
        }
        return self._page(request, self.preview_template_name, context)

    def _act(self, request: ActingRequest, token: str, importer: Importer, shown: dict[str, Any]) -> HttpResponse:
        if "cancel" in request.POST:
            kept.forget(token)
            messages.info(request, gettext("已取消，没有写入任何内容。"))
            return redirect(self.address("changelist"))
        tables = kept.tables_of(self.owner(request), token)
        if tables is None:
            raise Http404
        choices = preview.choices_from(request.POST, shown)
        if "confirm" not in request.POST:
            self._keep_view(request, token, importer, tables, importer.judge(tables, choices), choices)
        elif choices.leavers and shown["second"] and not choices.second:
            messages.error(request, gettext("名册中超过一成的人将被标为离岗，请勾选再次确认。"))
            self._keep_view(request, token, importer, tables, importer.judge(tables, choices), choices)
        else:
            self._confirm(request, token, importer, tables, choices)
        return redirect(self.address("import_preview", token))

    def _confirm(
        self, request: ActingRequest, token: str, importer: Importer, tables: list[Table], choices: preview.Choices
    ) -> None:
        try:
            outcome = importer.confirm(tables, choices)
        except Refused as refusal:
            messages.error(request, str(refusal.message))
            return
        if outcome.returned():
            kept.keep_returned(token, returned(outcome, tables, importer.columns()))
        kept.forget(token, kept.TABLES)
        self._keep_view(request, token, importer, tables, outcome, choices, done=True)
        count = outcome.totals()[ACCEPTED]
        messages.success(request, ngettext("已导入 %d 行。", "已导入 %d 行。", count) % count)

    # -- files
    def import_template(self, request: ActingRequest) -> HttpResponse:
        importer = self.importer(request)
        title = str(importer.title)
        return workbook(writing.template(importer.columns(), title), gettext("%s导入模板") % title)

    def import_returned(self, request: ActingRequest, token: str) -> HttpResponse:
        """By a button, as it is a file about people: fetched twice it stands in the register twice."""
        importer = self.importer(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        shown = kept.view_of(self.owner(request), token)
        content = kept.returned_of(token) if shown else None
        if shown is None or content is None:
            raise Http404
        if importer.personal:
            self.record_file(request, "returned", rows=len(shown["rows"]) + shown["more_rows"])
        return workbook(content, gettext("%s未导入的行") % importer.title)

    def process_import(self, request: ActingRequest, **kwargs: Any) -> HttpResponse:
        """import-export's own second step, which would keep the raw file."""
        raise Http404

    # -- export
    def export_action(self, request: ActingRequest) -> HttpResponse:
        """Exactly the rows that the list shows under the same address: its search, its filters, its scope."""
        importer = self.importer(request)
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(self.address("changelist"))
        form = export.ExportForm(posted(request), importer=importer)
        if request.method == "POST" and (not form.fields or form.is_valid()):
            if shown.result_count > export.MOST_ROWS:
                form.add_error(None, gettext("超过 %d 行，请先在列表里筛选后再导出。") % export.MOST_ROWS)
            else:
                return self._send(request, importer, shown, form.cleaned_data if form.fields else {})
        context = {
            "title": gettext("导出%s") % self.opts.verbose_name_plural,
            "form": form,
            "count": shown.result_count,
            "narrowed": bool(shown.query or shown.has_active_filters),
            "list_url": self.address("changelist") + shown.get_query_string(),
        }
        return self._page(request, self.export_template_name, context)

    def _send(
        self, request: ActingRequest, importer: Importer, shown: ChangeList, asked: dict[str, str]
    ) -> HttpResponse:
        purpose, phones = asked.get("purpose", ""), asked.get("phones", "")
        content, count = export.workbook_of(
            importer,
            shown.queryset,
            by=f"{request.user}（{request.actor.label}）",
            purpose=purpose,
            full_phones=phones == export.FULL,
        )
        if importer.personal:
            told = {**filters_of(shown), **({"phones": phones} if phones else {})}
            self.record_file(request, "roster", rows=count, purpose=purpose, parameters=told)
        unit = request.actor.unit
        name = file_name(gettext("%s名册") % importer.title, unit.label if unit else "", today())
        return workbook(content, name.removesuffix(".xlsx"))

    def record_file(
        self,
        request: ActingRequest,
        what: str,
        *,
        rows: int,
        purpose: str = "",
        parameters: dict[str, Any] | None = None,
    ) -> None:
        """Before the first byte goes out; `records.rosters` knows the register, this house does not."""
        raise NotImplementedError

    def _page(self, request: ActingRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, [template], whole)


def filters_of(shown: ChangeList) -> dict[str, str]:
    """The filters that hold: never what was searched for, nor a condition that stands in no filter of the list."""
    known = {name for spec in shown.filter_specs for name in spec.expected_parameters() if name}
    found = shown.get_filters_params()
    return {name: ",".join(map(str, found[name]))[:80] for name in sorted(known) if name in found}


def workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f"attachment; filename=\"import.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"
    response["Cache-Control"] = "no-store"
    return response
