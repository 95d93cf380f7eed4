"""The site's own pages, as people look for them.

A page that readers may look for has a line here; the words of its title need not be repeated.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class SitePage:
    route: str
    title: str | Promise
    summary: str | Promise
    #: What else people type who look for it; nobody reads it.
    also_called: str | Promise


SITE_PAGES = (
    SitePage(
        "inquiries:coordinator",
        _("Speak with a Care Coordinator"),
        _("A Care Coordinator answers your questions by phone, text, or email. It’s free."),
        _(
            "ask talk call contact phone number help person human nurse appointment message "
            "question cost price pay free charge insurance money interpreter translator language "
            "speak Spanish deaf relay sign language hours open who answers someone somebody live "
            "chat reach counselor navigator social worker"
        ),
    ),
    SitePage(
        "inquiries:ask",
        _("Send a request"),
        _("Write to a Care Coordinator. You choose how and when we contact you."),
        _(
            "ask question form write send contact email message call me back callback request "
            "support"
        ),
    ),
    SitePage(
        "inquiries:paper",
        _("Ask on paper"),
        _("A form to print, fill in by hand, and mail."),
        _("paper form write letter by mail post by hand pdf download without a computer"),
    ),
    SitePage(
        "inquiries:private_lost",
        _("Lost your link?"),
        _("Get a new link to the page of your request."),
        _(
            "lost link cant find get back to my request private page new email reference number "
            "password sign in log in login account status answer forgot"
        ),
    ),
    SitePage(
        "about",
        _("About us"),
        _("Who runs this site, and how to reach us."),
        _("about us who are you who runs this site clinic hospital institution address trust"),
    ),
    SitePage(
        "editorial",
        _("How we write"),
        _("How an article is written, checked, and kept up to date."),
        _(
            "how we write editorial policy sources evidence checked reviewed trust reliable "
            "true medical review up to date"
        ),
    ),
    SitePage(
        "people",
        _("Who writes and reviews"),
        _("The people behind our articles, and their credentials."),
        _("authors writers reviewers doctors credentials experts who wrote team staff"),
    ),
    SitePage(
        "funding",
        _("Money and interests"),
        _("Who pays for this site, and who could gain from what we write."),
        _(
            "funding money who pays sponsors ads advertising conflict of interest paid by "
            "drug companies profit"
        ),
    ),
    SitePage(
        "complaints",
        _("Complaints"),
        _("How to tell us that something went wrong."),
        _("complaint complain unhappy problem wrong mistake report feedback grievance"),
    ),
    SitePage(
        "corrections",
        _("Corrections"),
        _("What was wrong on this site, and what is right."),
        _("corrections mistakes errors wrong fixed changed"),
    ),
    SitePage(
        "privacy",
        _("Privacy"),
        _("What we keep of what you tell us, who sees it, and how to have it deleted."),
        _(
            "privacy private secret who can see read sees what I write say type my husband wife "
            "family boss know was here do with my data information personal cookies tracking "
            "HIPAA confidential delete erase share sell history"
        ),
    ),
    SitePage(
        "accessibility",
        _("Accessibility"),
        _("What we do so that everyone can use this site, and how to tell us what doesn’t work."),
        _(
            "accessibility screen reader large print bigger letters text size zoom blind vision "
            "eyes deaf hearing keyboard disability"
        ),
    ),
    SitePage(
        "articles:a_to_z",
        _("A to Z"),
        _("All our topics, and the medical words in our articles."),
        _("a z index alphabet list of topics words"),
    ),
    SitePage(
        "articles:glossary",
        _("Glossary"),
        _("The medical words in our articles, explained in plain language."),
        _("glossary dictionary medical hard words list terms vocabulary definitions"),
    ),
    SitePage(
        "articles:list",
        _("All articles"),
        _("Everything that we have published, newest first."),
        _("all articles list news newest index"),
    ),
    SitePage(
        "articles:categories",
        _("Topics"),
        _("Our articles by topic."),
        _("topics categories subjects browse"),
    ),
)
