"""A TCP relay that lets some connections through and holds the others until it is told to let them go."""
import socket
import threading


class relay:
    def __init__(self, port, at_once):
        self.target = port
        self.at_once = at_once
        self.go = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        self.accepted = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self.serve, args=(client, self.accepted <= self.at_once), daemon=True).start()

    def serve(self, client, at_once):
        if not at_once:
            self.go.wait()
        with client, socket.create_connection(("127.0.0.1", self.target)) as server:
            other_way = threading.Thread(target=pump, args=(client, server), daemon=True)
            other_way.start()
            pump(server, client)
            other_way.join()

    def let_go(self):
        self.go.set()

    def close(self):
        self.go.set()
        self.listener.close()


def pump(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
    except OSError:
        pass
    for end in (source, sink):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
