"""The process that serves the pages: `python -m deployments.page_server APPLICATION HOST PORT WORKERS [PROXY ...]`.

What uvicorn's own command line would do, but for two things. The socket it shares among several workers is one on which the
kernel may hold a small answer back until the browser acknowledges the headers before it: 40 ms a page. And it lets any program
of this machine say by X-Forwarded-For who asks; here only a proxy does that is named.
"""

import socket
import sys
from collections.abc import Sequence

import uvicorn
from uvicorn.supervisors import Multiprocess

GRACE_SECONDS = 3
"""How long an answer under way may take once everything stops."""


def main(application: str, host: str, port: int, workers: int, proxies: Sequence[str] = ()) -> None:
    """Serve until told to stop. `application`: module and factory. `proxies`: addresses or networks of those to be trusted."""
    config = uvicorn.Config(
        application, host=host, port=port, workers=workers, factory=True, server_header=False, access_log=False,
        log_level="warning", timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=bool(proxies), forwarded_allow_ips=list(proxies),
    )  # fmt: skip
    shared = config.bind_socket()
    shared.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what is accepted from it takes this over
    if workers > 1:
        Multiprocess(config, sockets=[shared]).run()
    else:
        uvicorn.Server(config).run(sockets=[shared])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
