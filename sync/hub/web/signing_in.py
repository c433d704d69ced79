"""Signing in and out, and choosing the language."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.utils.decorators import method_decorator
from django.views.i18n import set_language

choose_language = login_not_required(set_language)


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    template_name = "web/sign_in.html"
    redirect_authenticated_user = True
