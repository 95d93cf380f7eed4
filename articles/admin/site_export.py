"""Everything that editors wrote, as one file to take away."""

from tempfile import TemporaryFile

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from articles.admin.article_pages import ArticlePages
from articles.archive import write_archive

_TITLE = _("Export the site")
_MISSING = ngettext_lazy(
    "The export lacks %(count)s picture, because its file is gone.",
    "The export lacks %(count)s pictures, because their files are gone.",
    "count",
)


class ExportPages(ArticlePages):
    def export_site(self, request: HttpRequest) -> HttpResponseBase:
        """Say what is in the archive; send it to an editor who asks for it."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            context = self.page_context(request, None, str(_TITLE))
            return TemplateResponse(request, "admin/articles/export.html", context)
        file = TemporaryFile()  # noqa: SIM115 - the response closes it
        if missing := write_archive(file)["missing"]:
            messages.warning(request, _MISSING % {"count": missing})  # on the next page
        file.seek(0)
        name = f"site-{timezone.localdate().isoformat()}.zip"
        return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
