from django.urls import path

from inquiries.views import asking

app_name = "inquiries"

urlpatterns = [
    path("care-coordinator/", asking.coordinator, name="coordinator"),
    path("care-coordinator/ask/", asking.ask, name="ask"),
    path("care-coordinator/sent/", asking.sent, name="sent"),
]
