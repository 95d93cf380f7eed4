from django.urls import path

from articles.reading.feeds import CategoryFeed, NewestFeed
from articles.views import a_to_z, articles, categories, feedback, glossary, images, previews
from articles.views.decorators import public_page

app_name = "articles"

urlpatterns = [
    path("articles/", articles.article_list, name="list"),
    path("articles/<slug:slug>/", articles.article, name="article"),
    path("articles/<slug:slug>/clear/", feedback.give_feedback, name="clear"),
    path("articles/<slug:slug>/tell/", feedback.tell_editors, name="tell"),
    path("articles/<slug:slug>/thanks/", feedback.feedback_thanks, name="thanks"),
    path("preview/<str:secret>/", previews.preview, name="preview"),
    path("preview/<str:secret>/comment/", previews.comment, name="comment"),
    path("categories/", categories.category_list, name="categories"),
    path("categories/<slug:slug>/", categories.category, name="category"),
    path("categories/<slug:slug>/feed/", public_page(CategoryFeed()), name="category_feed"),
    path("images/<str:name>", images.image, name="image"),
    path("a-to-z/", a_to_z.a_to_z, name="a_to_z"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("feed/", public_page(NewestFeed()), name="feed"),
]
