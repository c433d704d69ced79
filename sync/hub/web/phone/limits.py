"""How often one address may ask for something that is open to all."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

# What one subscriber is given of IPv6 (RFC 6177).
_IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in each span of `per_s` seconds, counted by each process of the hub for itself."""

    name: str
    most: int
    per_s: int

    def allows(self, request: HttpRequest, at: datetime) -> bool:
        """Count one more, and say whether it is within the limit."""
        span = int(at.timestamp()) // self.per_s
        # The address itself is kept nowhere.
        secret = settings.SECRET_KEY.encode()[:64]
        whose = blake2b(network_of(request).encode(), key=secret, digest_size=16).hexdigest()
        key = f"limit:{self.name}:{span}:{whose}"
        cache.add(key, 0, self.per_s)
        try:
            return cache.incr(key) <= self.most
        except ValueError:  # it was thrown out for want of room meanwhile
            return True


def network_of(request: HttpRequest) -> str:
    """Return the address that a request came from, of IPv6 its network.

    Behind a proxy on this machine it is what the proxy saw: the last that it added to
    X-Forwarded-For. What a client says of itself stands before that.
    """
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    try:
        if forwarded and ip_address(address).is_loopback:
            address = forwarded
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        return str(ip_network((int(found), _IPV6_PREFIX), strict=False))
    return str(found)
