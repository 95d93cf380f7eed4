from django.contrib.auth.decorators import login_not_required
from django.urls import path

from articles.reading.feeds import CategoryFeed, NewestFeed
from articles.views import images, reading

app_name = "articles"

urlpatterns = [
    path("articles/", reading.article_list, name="list"),
    path("articles/<slug:slug>/", reading.article, name="article"),
    path("articles/<slug:slug>/clear/", reading.give_feedback, name="clear"),
    path("articles/<slug:slug>/thanks/", reading.feedback_thanks, name="thanks"),
    path("preview/<str:secret>/", reading.preview, name="preview"),
    path("categories/", reading.category_list, name="categories"),
    path("categories/<slug:slug>/", reading.category, name="category"),
    path("categories/<slug:slug>/feed/", login_not_required(CategoryFeed()), name="category_feed"),
    path("images/<str:name>", images.image, name="image"),
    path("glossary/", reading.glossary, name="glossary"),
    path("search/", reading.search, name="search"),
    path("feed/", login_not_required(NewestFeed()), name="feed"),
]
