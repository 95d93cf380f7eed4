"""The staff pages of requests, below /admin/.

`portal.admin_site` mounts them in the namespace of the admin, behind its sign-in; each view names
the permission that it requires.
"""

from django.urls import path

from inquiries.views.staff import (
    absence,
    access_log,
    attention,
    audit_trail,
    bulk,
    calendar_link,
    crisis,
    front_desk,
    languages,
    lead_dashboard,
    queue,
    recovery,
    reply,
    reports,
    request,
    saved_views,
    searches,
    shift,
    tasks,
    team,
    viewers,
)

_REQUESTS = "inquiries/inquiry/"
_ONE = f"{_REQUESTS}<uuid:pk>/"
_VIEW = "inquiries/savedview/<uuid:pk>/"
_LANGUAGES = "inquiries/languages/"
_RESTORED = "inquiries/restored/"
_TEAM = "inquiries/team/"
_AWAY = f"{_TEAM}away/"
_AUDIT = "inquiries/auditentry/"
_ACCOUNT = f"{_AUDIT}reading/<uuid:pk>/"

urlpatterns = [
    path(_REQUESTS, queue.show_queue, name="inquiries_inquiry_changelist"),
    path(f"{_REQUESTS}find/", searches.find_inquiries, name="inquiries_inquiry_find"),
    path(f"{_REQUESTS}bulk/", bulk.take_bulk_step, name="inquiries_inquiry_bulk"),
    path(f"{_REQUESTS}undo/", bulk.undo_bulk_step, name="inquiries_inquiry_undo"),
    path(f"{_REQUESTS}views/", saved_views.save_view, name="inquiries_view_save"),
    path(f"{_VIEW}delete/", saved_views.delete_view, name="inquiries_view_delete"),
    path(f"{_REQUESTS}limbo/", lead_dashboard.show_lead_dashboard, name="inquiries_inquiry_limbo"),
    path(f"{_REQUESTS}enter/", front_desk.enter_inquiry, name="inquiries_inquiry_enter"),
    path(f"{_REQUESTS}crisis/", crisis.show_crisis_scripts, name="inquiries_inquiry_crisis"),
    path(f"{_REQUESTS}tasks/", tasks.show_tasks, name="inquiries_tasks"),
    path(f"{_REQUESTS}reports/", reports.show_report, name="inquiries_inquiry_reports"),
    path(f"{_REQUESTS}reports/export/", reports.export_report, name="inquiries_report_export"),
    path(f"{_REQUESTS}reports/bursts/", reports.show_bursts, name="inquiries_inquiry_bursts"),
    path(f"{_ONE}change/", request.show_request, name="inquiries_inquiry_change"),
    path(f"{_ONE}reply/fill/", reply.fill_reply, name="inquiries_inquiry_fill"),
    path(f"{_ONE}reply/preview/", reply.preview_reply, name="inquiries_inquiry_preview"),
    path(f"{_ONE}next/", request.show_next, name="inquiries_inquiry_next"),
    path(f"{_ONE}pulse/", viewers.show_viewers, name="inquiries_inquiry_pulse"),
    # Last, because it would take any of these words for a step.
    path(f"{_ONE}<slug:step>/", request.take_step, name="inquiries_inquiry_step"),
    path(f"{_RESTORED}settle/", recovery.settle_missing, name="inquiries_missing_settle"),
    path(f"{_RESTORED}release/", recovery.release_mails, name="inquiries_mails_release"),
    path("inquiries/attention/", attention.show_attention, name="inquiries_attention"),
    path("inquiries/your-calendar/", calendar_link.show_own_link, name="inquiries_calendar_link"),
    path(_LANGUAGES, languages.show_own_languages, name="inquiries_languages"),
    path(f"{_LANGUAGES}<uuid:pk>/", languages.edit_languages, name="inquiries_languages_of"),
    path(_TEAM, team.show_team, name="inquiries_team"),
    path(f"{_TEAM}shift/", shift.show_shift, name="inquiries_shift"),
    path(f"{_TEAM}<uuid:pk>/move/", team.move_requests, name="inquiries_team_move"),
    path(_AWAY, absence.show_own_absences, name="inquiries_absences"),
    path(f"{_AWAY}<uuid:pk>/", absence.edit_absences, name="inquiries_absences_of"),
    path(_AUDIT, audit_trail.show_audit_trail, name="inquiries_auditentry_changelist"),
    path(f"{_AUDIT}export/", audit_trail.export_audit_trail, name="inquiries_audit_export"),
    path(f"{_AUDIT}reading/", access_log.review_reading, name="inquiries_reading"),
    path(_ACCOUNT, access_log.show_access, name="inquiries_access"),
    path(f"{_ACCOUNT}export/", access_log.export_access, name="inquiries_access_export"),
]
