"""On which boards kiosks write, by what their journals say, and which of them nobody approved."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from sync.hub.fleet.models import Device, DeviceStatus
from sync.hub.ingest.models import Epoch


def unapproved_boards() -> dict[int, str]:
    """Return, by device in use, the board that it was heard on last and that is not its own.

    A copy of its card goes on speaking, and so is seen also where the kiosk itself speaks too.
    """
    found = (
        Epoch.objects.filter(device__status=DeviceStatus.ACTIVE)
        .exclude(board="")
        .exclude(board=F("device__hardware"))
        .filter(
            Q(device__board_settled_at__isnull=True)
            | Q(last_heard__gt=F("device__board_settled_at"))
        )
        .order_by("last_heard", "pk")
    )
    return dict(found.values_list("device_id", "board"))


def note_board(epoch: Epoch, board: str, at: datetime) -> None:
    """Take over what the epoch says of its board; back on its own one, a kiosk is as it was."""
    epoch.board = board
    if board == epoch.device.hardware:
        Device.objects.filter(pk=epoch.device_id).update(board_settled_at=at)


def approve_board(pk: int, board: str, at: datetime) -> bool:
    """Take a board for the kiosk's own, where it is the one that it was heard on last.

    Returns whether it was: somebody may have looked at another one.
    """
    with transaction.atomic():
        device = Device.objects.select_for_update().filter(pk=pk, status=DeviceStatus.ACTIVE)
        found = device.first()
        if found is None or unapproved_boards().get(pk) != board:
            return False
        found.hardware, found.board_settled_at = board, at
        found.save(update_fields=["hardware", "board_settled_at"])
    return True
