"""What the provider and the Graph beside it refuse: without that, the tests that pass with them prove nothing."""
import unittest

from assertion import TYPE, make_assertion
from certificates import make_client_certificate
from oidc_provider import CERTIFICATE_CLIENT, OTHER_NAME, SECRET, SECRET_CLIENT, need_packages, running_provider

LIFETIME = 5


class refusals(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.running = running_provider(LIFETIME)
        cls.provider = cls.running.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.running.__exit__(None, None, None)

    def assertion(self, audience=None, key=None, **claims):
        return make_assertion(
            key or self.provider.client_key, CERTIFICATE_CLIENT, audience or self.provider.token_url, **claims)

    def send(self, assertion, **more):
        return self.provider.ask_token(client_assertion=assertion, client_assertion_type=TYPE, **more)

    def assert_refused(self, answered, why):
        status, body = answered
        self.assertEqual((status, body.get("error")), (401, "invalid_client"), body)
        self.assertIn(why, self.provider.last_token_error())

    def test_another_secret(self):
        status, body = self.provider.ask_token(client_id=SECRET_CLIENT, client_secret=SECRET)
        self.assertEqual((status, body.get("expires_in")), (200, LIFETIME), body)
        for wrong in (SECRET.replace("+", " "), SECRET.replace("%20", " "), SECRET + " ", "x"):
            self.assert_refused(self.provider.ask_token(client_id=SECRET_CLIENT, client_secret=wrong), "invalid secret")

    def test_an_assertion_that_came_before(self):
        assertion = self.assertion()
        status, body = self.send(assertion)
        self.assertEqual(status, 200, body)
        self.assertEqual(self.provider.assertions()[-1], assertion)
        self.assert_refused(self.send(assertion), "only be used once")

    def test_an_assertion_for_another_audience(self):
        foreign = f"https://{OTHER_NAME}:{self.provider.port}/token"
        self.assert_refused(self.send(self.assertion(foreign)), "audience")
        # A client that calls the provider by another name does not make it one of its own.
        self.assert_refused(self.send(self.assertion(foreign), host=f"{OTHER_NAME}:{self.provider.port}"), "audience")
        status, body = self.send(self.assertion(), host=f"{OTHER_NAME}:{self.provider.port}")
        self.assertEqual(status, 200, body)

    def test_an_assertion_out_of_its_time(self):
        for ahead, why in ((3600, "expired"), (-3600, "not active yet")):
            with self.provider.clock_ahead(ahead):
                self.assert_refused(self.send(self.assertion()), why)
        status, body = self.send(self.assertion())
        self.assertEqual(status, 200, body)

    def test_an_assertion_by_another_key_or_algorithm(self):
        _, _, another = make_client_certificate(self.provider.folder, "another")
        self.assert_refused(self.send(self.assertion(key=another)), "")
        self.assert_refused(self.send(self.assertion(algorithm="RS256")), "alg")

    def test_tokens_that_are_not_for_graph_or_have_expired(self):
        def token(**fields):
            status, body = self.provider.ask_token(client_id=SECRET_CLIENT, client_secret=SECRET, **fields)
            self.assertEqual(status, 200, body)
            return body["access_token"]

        good = token()
        self.assertEqual(self.provider.ask_graph(good)[0], 200)
        self.assertEqual(self.provider.ask_graph("never-issued")[0], 401)
        self.assertEqual(self.provider.ask_graph(token(scope="https://graph.example/.default"))[0], 401)
        with self.provider.clock_ahead(LIFETIME):
            self.assertEqual(self.provider.ask_graph(good)[0], 401)
        refused = self.provider.stats()["graph_refusals"]
        self.assertEqual(len(refused), 3, refused)


if __name__ == "__main__":
    need_packages()
    unittest.main()
