"""Values and open descriptors in, one message on the control socket out; and back.

Between supervisor and zygote, which both are ours. JSON lists over SOCK_SEQPACKET: a message
arrives whole or not at all.
"""

from __future__ import annotations

import array
import json
from _socket import CMSG_SPACE, SCM_RIGHTS, SOL_SOCKET, socket  # the wrapper costs the start 4 ms
from collections.abc import Sequence
from typing import Any

_MAX_MESSAGE = 4096
_MAX_DESCRIPTORS = 3


def send(control: socket, values: Sequence[Any], descriptors: Sequence[int] = ()) -> None:
    """Raises OSError when nobody is there."""
    rights = [(SOL_SOCKET, SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
    control.sendmsg([json.dumps(values).encode()], rights)


def receive(control: socket) -> tuple[list[Any], list[int]]:
    """Values and descriptors; ConnectionError when nobody is there."""
    message, ancillary, _, _ = control.recvmsg(_MAX_MESSAGE, CMSG_SPACE(4 * _MAX_DESCRIPTORS))
    if not message:
        raise ConnectionResetError
    descriptors = array.array("i")
    for _, _, data in ancillary:
        descriptors.frombytes(data)
    return json.loads(message), [*descriptors]
