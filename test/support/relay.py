"""A TCP relay that lets some connections through and holds the others until it is told to let them go.

It keeps what clients sent, and tells when their connections have ended.
"""
import socket
import threading


class relay:
    def __init__(self, port, at_once=1_000_000):
        self.target = port
        self.at_once = at_once
        self.go = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.accepted = 0
        self.sent = []  # by each client, in the order in which they came
        self.ended = 0
        self.end_of_one = threading.Condition()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            self.sent.append(bytearray())
            threading.Thread(
                target=self.serve, args=(client, self.accepted <= self.at_once, self.sent[-1]), daemon=True).start()

    def serve(self, client, at_once, sent):
        if not at_once:
            self.go.wait()
        with client, socket.create_connection(("127.0.0.1", self.target)) as server:
            other_way = threading.Thread(target=pump, args=(client, server, sent), daemon=True)
            other_way.start()
            pump(server, client)
            other_way.join()
        with self.end_of_one:
            self.ended += 1
            self.end_of_one.notify_all()

    def wait_for_ends(self, count):
        with self.end_of_one:
            if not self.end_of_one.wait_for(lambda: self.ended >= count, timeout=60):
                raise TimeoutError(f"{self.ended} connections have ended, not {count}")

    def let_go(self):
        self.go.set()

    def close(self):
        self.go.set()
        self.listener.close()


def pump(source, sink, copy=None):
    try:
        while data := source.recv(65536):
            if copy is not None:
                copy += data
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
