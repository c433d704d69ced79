"""The kernel's files of a kiosk, as far as the bench reads them."""

from pathlib import Path

_ROUTE = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n"
_WIRELESS = """\
Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
"""


class FakeKiosk:
    """`root` stands for the machine's root directory."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._net = root / "proc/self/net"
        self._net.mkdir(parents=True, exist_ok=True)

    def clock(
        self, since_epoch: str, *, battery_uv: str | None = None, name: str = "rpi_rtc"
    ) -> Path:
        """Fit a clock; return the file that tells its time."""
        rtc = self.root / "sys/class/rtc/rtc0"
        rtc.mkdir(parents=True)
        (rtc / "name").write_text(f"{name}\n")
        (rtc / "since_epoch").write_text(since_epoch)
        if battery_uv is not None:
            (rtc / "battery_voltage").write_text(f"{battery_uv}\n")
        return rtc / "since_epoch"

    def time_server(self) -> None:
        path = self.root / "run/systemd/timesync/synchronized"
        path.parent.mkdir(parents=True)
        path.touch()

    def network(self, interface: str, *, gateway: str = "0101A8C0") -> None:
        """Lay a default route, and one to the neighbours."""
        rows = (
            f"{interface}\t00000000\t{gateway}\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
            f"{interface}\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
        )
        (self._net / "route").write_text(_ROUTE + rows)

    def neighbours_alone(self, interface: str) -> None:
        row = f"{interface}\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
        (self._net / "route").write_text(_ROUTE + row)

    def network_of_ipv6(self, interface: str) -> None:
        zero = "0" * 32
        rows = (
            f"{zero} 00 {zero} 00 fe80{'0' * 28} 00000064 00000001 00000000 00000003 {interface}\n"
            f"{zero} 00 {zero} 00 {zero} ffffffff 00000001 00000000 00200200 lo\n"
        )
        (self._net / "ipv6_route").write_text(rows)

    def wifi(self, *levels: str) -> None:
        rows = "".join(
            f" wlan{number}: 0000   54.  {level}  -256    0   0   0   0   0   0\n"
            for number, level in enumerate(levels)
        )
        (self._net / "wireless").write_text(_WIRELESS + rows)
