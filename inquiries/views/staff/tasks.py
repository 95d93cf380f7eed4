"""The tasks that are due: one's own, nobody's, and for leads everyone's overdue ones."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.staff_pages import current_user
from inquiries.team import permissions
from inquiries.triage import due_tasks
from inquiries.triage.due_tasks import TaskList
from inquiries.views.staff.layout import render_page, staff_page


@staff_page(permissions.TRIAGE)
def show_tasks(request: HttpRequest) -> HttpResponse:
    """List tasks by time, without what they say: that is read on the request, on record."""
    user, now = current_user(request), timezone.now()
    lists: list[tuple[str, str, TaskList]] = [
        (_("Yours"), _("You have no open tasks."), due_tasks.tasks_of(user)),
        (
            _("Of requests that nobody owns"),
            _("There are none."),
            due_tasks.tasks_of_nobody(),
        ),
    ]
    if user.has_perm(permissions.LEAD_TRIAGE):
        overdue = due_tasks.overdue_tasks(now)
        lists.append((_("Overdue in the team"), _("Nothing is overdue."), overdue))
    return render_page(
        request,
        "tasks/page",
        _("Tasks"),
        lists=[
            (title, empty, [(row, due_tasks.kind_in_words(row)) for row in each.rows], each)
            for title, empty, each in lists
        ],
        now=now,
    )
