// A client that is given an authority, a Graph and a certificate, and no endpoint: it discovers, signs an assertion with
// jose, asks for a token and sends a batch. Prints the batch's answer.
import { createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const text = { type: "string" };
const { values: options } = parseArgs({
  options: {
    packages: text, // folder of node_modules
    authority: text, // with the tenant
    graph: text,
    "client-id": text,
    certificate: text, // PEM
    key: text, // its key, PEM
    algorithm: text, // PS256 or RS256
    url: text, // of the batch's item
  },
});

const require = createRequire(join(options.packages, "package.json"));
const { SignJWT } = await import(pathToFileURL(require.resolve("jose")));

async function ask(url, request) {
  const answer = await fetch(url, request);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

const authority = new URL(options.authority);
const instance = new URL("/common/discovery/instance", authority);
instance.searchParams.set("api-version", "1.1");
instance.searchParams.set("authorization_endpoint", options.authority + "/oauth2/v2.0/authorize");
const { tenant_discovery_endpoint } = await ask(instance);
const issuer = await ask(tenant_discovery_endpoint);
if (!issuer.token_endpoint_auth_signing_alg_values_supported.includes(options.algorithm))
  throw new Error(JSON.stringify(issuer));

const certificate = new X509Certificate(readFileSync(options.certificate));
const thumbprint = (hash) => Buffer.from(hash.replaceAll(":", ""), "hex").toString("base64url");
const id = options["client-id"];
const assertion = await new SignJWT({})
  .setProtectedHeader(
    options.algorithm === "PS256"
      ? { alg: "PS256", typ: "JWT", "x5t#S256": thumbprint(certificate.fingerprint256) }
      : { alg: "RS256", typ: "JWT", x5t: thumbprint(certificate.fingerprint) },
  )
  .setIssuer(id)
  .setSubject(id)
  .setAudience(issuer.token_endpoint)
  .setJti(randomUUID())
  .setNotBefore("0s")
  .setIssuedAt()
  .setExpirationTime("5m")
  .sign(createPrivateKey(readFileSync(options.key)));

const { access_token } = await ask(issuer.token_endpoint, {
  method: "POST",
  body: new URLSearchParams({
    grant_type: "client_credentials",
    client_id: id,
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    scope: options.graph + "/.default",
  }),
});
const batch = await ask(options.graph + "/beta/$batch", {
  method: "POST",
  headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
  body: JSON.stringify({ requests: [{ id: "a", method: "GET", url: options.url }] }),
});
console.log(JSON.stringify(batch));
