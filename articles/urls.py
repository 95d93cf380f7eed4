from django.contrib.auth.decorators import login_not_required
from django.urls import path

from articles import serving, views
from articles.feeds import CategoryFeed, NewestFeed

app_name = "articles"

urlpatterns = [
    path("articles/", views.article_list, name="list"),
    path("articles/<slug:slug>/", views.article, name="article"),
    path("articles/<slug:slug>/clear/", views.clear, name="clear"),
    path("articles/<slug:slug>/thanks/", views.thanks, name="thanks"),
    path("preview/<str:secret>/", views.preview, name="preview"),
    path("categories/", views.category_list, name="categories"),
    path("categories/<slug:slug>/", views.category, name="category"),
    path("categories/<slug:slug>/feed/", login_not_required(CategoryFeed()), name="category_feed"),
    path("images/<str:name>", serving.image, name="image"),
    path("glossary/", views.glossary, name="glossary"),
    path("search/", views.search, name="search"),
    path("feed/", login_not_required(NewestFeed()), name="feed"),
]
