"""A PDF as an answer: to be saved and printed, and kept by no cache on the way."""

from django.http import HttpResponse


def as_pdf(drawn: bytes, name: str) -> HttpResponse:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.pdf"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(drawn, "application/pdf", headers=headers)
