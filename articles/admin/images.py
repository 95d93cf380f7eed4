"""The picture library: upload pictures, describe them, and remove those that nothing shows."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.admin import words
from articles.admin.clean_text import CleanTextAdmin
from articles.admin.proposals import tell_what_waits
from articles.forms import ImageDescriptionForm, ImageForm, StepForm, WithdrawImageForm
from articles.library import images
from articles.models import Image, Proposal
from articles.permissions import APPROVE
from articles.staff_pages import current_user
from articles.states import StepRefused


@admin.register(Image)
class ImageAdmin(CleanTextAdmin[Image]):
    list_display = ("thumbnail", "name", "markdown", "credit", "added_by", "added_at")
    list_display_links = ("thumbnail", "name")
    list_select_related = ("added_by",)
    list_per_page = 50
    search_fields = ("name", "alt", "credit")
    show_full_result_count = False
    actions = None

    @admin.display(description=words.COLUMNS["picture"])
    def thumbnail(self, image: Image) -> SafeString:
        if image.withdrawn_at:
            return format_html("{}", words.WITHDRAWN)
        # The alt text names where the link leads; what describes the picture is beside it.
        return format_html(
            '<img class="thumbnail" src="{}" alt="{}" width="{}" height="{}" loading="lazy">',
            *(image.thumbnail, image.name, image.width, image.height),
        )

    @admin.display(description=words.COLUMNS["markdown"])
    def markdown(self, image: Image) -> SafeString:
        return format_html('<code class="paste">{}</code>', image.markdown)

    def get_urls(self) -> list[URLPattern]:
        withdraw = path(
            "<uuid:pk>/withdraw/",
            self.admin_site.admin_view(self.withdraw),
            name="articles_image_withdraw",
        )
        return [withdraw, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImageForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                image = images.add_image(
                    form.cleaned_data["file"], **form.details(), by=current_user(request)
                )
            except StepRefused as refusal:
                form.add_error(None, list(refusal.reasons))
            else:
                if _is_script(request):
                    return JsonResponse({"insert": image.markdown})
                messages.success(request, words.PICTURE_ADDED % {"picture": image})
                return redirect("admin:articles_image_change", image.pk)
        if _is_script(request) and request.method == "POST":
            # From the dialog beside a text, which shows the reasons and keeps what was filled in.
            reasons = [str(reason) for errors in form.errors.values() for reason in errors]
            return JsonResponse({"refused": reasons})
        return self._page(request, "image/edit.html", str(words.NEW_PICTURE), form=form)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        image = self._open(request, object_id)
        form = ImageDescriptionForm(request.POST or None, instance=image)
        if self._run_verb(request, images.describe_image, image, form):
            messages.success(request, words.PICTURE_SAVED % {"picture": image})
            tell_what_waits(request, (Proposal.Kind.CREDIT,), image.pk)
            return redirect("admin:articles_image_change", image.pk)
        return self._page(
            request,
            "image/edit.html",
            str(image),
            image=image,
            picture=image.as_picture(),
            form=form,
            shown_in=images.articles_showing(image),
            may_withdraw=request.user.has_perm(APPROVE) and not image.withdrawn_at,
            may_delete=not image.withdrawn_at and self.has_delete_permission(request),
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_delete_permission(request):
            raise PermissionDenied
        image = self._open(request, object_id)
        form = StepForm(request.POST or None, initial={"version": image.version})
        if self._run_verb(request, images.remove_image, image, form):
            messages.success(request, words.PICTURE_DELETED % {"picture": image})
            return redirect("admin:articles_image_changelist")
        return self._page(
            request,
            "image/delete.html",
            words.DELETE_PICTURE % {"picture": image},
            image=image,
            form=form,
        )

    def withdraw(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Erase a picture's files, no matter which pages show it."""
        if not request.user.has_perm(APPROVE):
            raise PermissionDenied
        image = self._open(request, str(pk))
        form = WithdrawImageForm(request.POST or None, initial={"version": image.version})
        if self._run_verb(request, images.withdraw_image, image, form):
            messages.success(request, words.PICTURE_WITHDRAWN % {"picture": image})
            return redirect("admin:articles_image_change", image.pk)
        return self._page(
            request,
            "image/withdraw.html",
            words.WITHDRAW_PICTURE % {"picture": image},
            image=image,
            form=form,
            shown_in=images.articles_showing(image),
        )

    def _run_verb(
        self,
        request: HttpRequest,
        verb: Callable[..., object],
        image: Image,
        form: StepForm | ImageDescriptionForm,
    ) -> bool:
        """Return whether the verb was carried out; if not, the form holds the reasons."""
        if request.method != "POST" or not form.is_valid():
            return False
        try:
            verb(image, **form.arguments(), by=current_user(request))
        except StepRefused as refusal:
            form.add_error(None, list(refusal.reasons))
            return False
        return True

    def _open(self, request: HttpRequest, object_id: str) -> Image:
        if not self.has_change_permission(request):
            raise PermissionDenied
        try:
            key = UUID(object_id)
        except ValueError:
            raise Http404 from None
        return get_object_or_404(Image.objects.select_related("added_by"), pk=key)

    def _page(
        self, request: HttpRequest, template: str, title: str, **context: Any
    ) -> HttpResponse:
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
        }
        return TemplateResponse(request, f"admin/articles/{template}", context)


def _is_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Asked-By") == "script"
