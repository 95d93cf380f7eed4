from django.urls import path

from inquiries import views

app_name = "inquiries"

urlpatterns = [
    path("care-coordinator/", views.coordinator, name="coordinator"),
    path("care-coordinator/ask/", views.ask, name="ask"),
    path("care-coordinator/sent/", views.sent, name="sent"),
]
