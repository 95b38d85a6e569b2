"""A name server (RFC 1035) over UDP that answers from a script, or not at all."""
import contextlib
import socket
import struct
import threading

TYPE_A, CLASS_IN = 1, 1
RESPONSE = 0x8180


class name_server:
    """`answers` are lists of IPv4 addresses, one per look-up; the last one is given again and again. None is silence.

    IPv6 addresses are asked for too, and there are none.
    """

    def __init__(self, address, answers):
        self.answers = answers
        self.lookups = 0
        self.asked = threading.Event()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 53))
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while True:
            query, client = self.socket.recvfrom(512)
            if not query:
                return
            self.asked.set()
            if self.answers is not None:
                self.socket.sendto(self.answer(query), client)

    def close(self):
        self.socket.sendto(b"", self.socket.getsockname())
        self.thread.join()
        self.socket.close()

    def answer(self, query):
        end = query.index(b"\0", 12) + 5
        kind, = struct.unpack("!H", query[end - 4:end - 2])
        addresses = []
        if kind == TYPE_A:
            addresses = self.answers[min(self.lookups, len(self.answers) - 1)]
            self.lookups += 1
        records = b"".join(
            struct.pack("!HHHIH", 0xc00c, TYPE_A, CLASS_IN, 0, 4) + socket.inet_aton(each) for each in addresses)
        header = query[:2] + struct.pack("!HHHHH", RESPONSE, 1, len(addresses), 0, 0)
        return header + query[12:end] + records


@contextlib.contextmanager
def serving(address, answers):
    """Serves until the block ends."""
    made = name_server(address, answers)
    try:
        yield made
    finally:
        made.close()
