// oidc-provider, a certified OpenID provider, beside a Graph that asks it about every bearer token: one TLS server on a
// free loopback port. Prints {"port"} once it listens; ends with its standard input, and on its own after four minutes.
//
//   POST /token             the provider's
//   GET /beta/admin/cloudLicensing/assignments/ID/allotment      Graph's documented answer, or 401
//   GET /stats              what both have seen
//   GET /assertions         the client assertions that came, in order
//   POST /clock?ahead=S     from now on the process lives S seconds in the future; without a query in the present again
import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const text = { type: "string" };
const { values: options } = parseArgs({
  options: {
    packages: text, // folder of node_modules
    certificate: text, // the server's, PEM
    key: text,
    "secret-file": text, // of the client `secret-client`, byte for byte
    "client-certificate": text, // of the client `certificate-client`, PEM with an RSA key
    allotment: text, // Graph's answer
    "token-lifetime": text, // seconds
  },
});
const lifetime = Number(options["token-lifetime"]);

// The provider's notices are no result of ours.
console.info = console.error;
process.stdin.on("end", () => process.exit()).resume();
setTimeout(() => process.exit(1), 240_000).unref();

const real_date = Date;
let ahead = 0;
globalThis.Date = class Date extends real_date {
  constructor(...parts) {
    if (parts.length > 0) super(...parts);
    else super(Date.now());
  }
  static now() {
    return real_date.now() + ahead * 1000;
  }
};
// Loaded after the clock is ours.
const packages = createRequire(join(options.packages, "package.json"));
const { Provider } = await import(pathToFileURL(packages.resolve("oidc-provider")).href);

const read = (name) => readFileSync(options[name]);
const allotment = read("allotment");
const assertions = [];
const stats = {
  token_requests: 0,
  token_errors: [], // {status, error, detail}
  graph_requests: 0,
  graph_refusals: [], // why each 401
};

const server = createServer({ key: read("key"), cert: read("certificate"), keepAliveTimeout: 60_000 });
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const { port } = server.address();
const origin = `https://localhost:${port}`;
// What the client asks for, and what Graph wants to see in a token.
const scope = `${origin}/.default`;

const provider = new Provider(origin, {
  clients: [
    {
      client_id: "secret-client",
      client_secret: read("secret-file").toString(),
      token_endpoint_auth_method: "client_secret_post",
    },
    {
      client_id: "certificate-client",
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "PS256",
      jwks: { keys: [new X509Certificate(read("client-certificate")).publicKey.export({ format: "jwk" })] },
    },
  ],
  clientDefaults: {
    grant_types: ["client_credentials"],
    response_types: [],
    redirect_uris: [],
    id_token_signed_response_alg: "ES256", // what the provider's own key can do
  },
  clientAuthMethods: ["client_secret_post", "private_key_jwt"],
  scopes: [scope],
  ttl: { ClientCredentials: lifetime },
  // The provider counts in whole seconds and would let a token end up to one second before its time.
  extraTokenClaims: () => ({ issued_at: Date.now() }),
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => origin,
      getResourceServerInfo: () => ({ scope, audience: origin, accessTokenTTL: lifetime, accessTokenFormat: "opaque" }),
    },
  },
  // Of no use to these clients; without them the provider warns of its samples.
  jwks: { keys: [generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" })] },
  cookies: { keys: ["none is ever set"] },
});

provider.use(async (ctx, next) => {
  await next();
  if (ctx.oidc?.route !== "token") return;
  ++stats.token_requests;
  const { client_assertion } = ctx.oidc.params ?? {};
  if (client_assertion !== undefined) assertions.push(client_assertion);
});
// The answer has no detail: a client that failed to prove who it is learns nothing.
const remember = (ctx, error) =>
  stats.token_errors.push({ status: ctx.status, error: error.message, detail: error.error_detail ?? "" });
provider.on("grant.error", remember);
provider.on("server_error", remember);

/** Why Graph does not take the token of this request; nothing when it does. */
const refusal = async ({ headers }) => {
  const [, bearer] = /^Bearer (\S+)$/.exec(headers.authorization ?? "") ?? [];
  if (bearer === undefined) return "no bearer token";
  const token = await provider.ClientCredentials.find(bearer, { ignoreExpiration: true });
  if (token === undefined) return "not a token of the provider";
  if (token.aud !== origin || !token.scopes.has(scope)) return `a token for ${token.aud} ${token.scope}`;
  const age = Date.now() - token.extra.issued_at;
  if (age >= lifetime * 1000) return `a token of ${lifetime} s after ${age} ms`;
};

const answer = (response, status, body) => {
  const content = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "content-type": "application/json", "content-length": content.length }).end(content);
};

const answer_graph = async (request, response) => {
  ++stats.graph_requests;
  const why = await refusal(request);
  if (why === undefined) return answer(response, 200, allotment);
  stats.graph_refusals.push(why);
  answer(response, 401, { error: { code: "InvalidAuthenticationToken", message: why } });
};

const answer_provider = provider.callback();
server.on("request", (request, response) => {
  // Node's own field follows the real clock.
  response.setHeader("date", new Date().toUTCString());
  const { pathname, searchParams } = new URL(request.url, origin);
  const route = `${request.method} ${pathname}`;
  if (/^GET \/beta\/admin\/cloudLicensing\/assignments\/[^/]+\/allotment$/.test(route)) {
    answer_graph(request, response).catch((error) => answer(response, 500, { error: { message: error.stack } }));
  } else if (route === "GET /stats") {
    answer(response, 200, stats);
  } else if (route === "GET /assertions") {
    answer(response, 200, assertions);
  } else if (route === "POST /clock") {
    ahead = Number(searchParams.get("ahead"));
    answer(response, 200, { ahead });
  } else {
    // As from a proxy that calls the provider by its own name. Otherwise each name that a client comes with would
    // be one more audience that the provider accepts.
    request.headers.host = `localhost:${port}`;
    answer_provider(request, response);
  }
});
console.log(JSON.stringify({ port }));
