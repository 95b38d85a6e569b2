#include "cli/simulate_help.hpp"

namespace allot {

char const* simulate_help() noexcept {
    return R"(Serves /beta/{admin|users/ID|groups/ID}/cloudLicensing/assignments[/ID[/allotment]], POST /beta/$batch and
/TENANT/oauth2/v2.0/token until SIGINT or SIGTERM, on TLS with a certificate made for this run. Lists come in
pages of 100, or as $top says (at most 999). Each item of a batch counts, throttles and fails on its own; the
answers stand in an order of the seed. GET /stats tells, without a token, what was seen: requests, calls
that came early, resource units, all by the second too.

Clients prove themselves with the secret (form or HTTP Basic), or with an assertion: a JWT that the key of a
--client-certificate signed (PS256 or RS256), or the token of a --federated-token-file. The tenant's OpenID
configuration is at /TENANT/v2.0/.well-known/openid-configuration, instance discovery at
/common/discovery/instance. The certificate is also that of the hosts of Microsoft's clouds, for clients that
can be made to connect here in their place.

The ready file is a JSON object with graph_url, token_url, ca_file, client_id, client_secret_file and tenant;
it and the files it names go when the command ends. The file of --ids-file is an input of allot audit.

The script is a JSON object:
  rules     list of {"match": {...}, "do": {...}}; the first that matches a request counts
    match   all that are given must hold: path (regular expression), nth (list, from 1), every, probability,
            after_s, for_s, item (true: items of batches only, false: none of them); requests for tokens only
            match a rule with a path
    do      status, headers, retry_after (seconds, or {"seconds": 3, "form": FORM}), body or body_file,
            delay_ms, drip_bytes_per_s, close_after_bytes, reset, half_close, truncate_close_notify, raw (the
            bytes instead of an answer), encode (gzip, gzip_members, gzip_bomb, gzip_wrong_crc,
            gzip_truncated or unknown: the coding of the body, asked for or not), item_answer ("missing",
            "doubled" or "unknown_id": how the answer to an item of a batch stands in the batch's)
  throttle  a bucket of resource units for this client in this tenant
            per_second (or tenant: "S", "M" or "L" for the documented 350, 500 or 800 with ten seconds of
            burst), burst (units; a second of the rate by default) or burst_s, retry_after (seconds),
            retry_after_form (FORM, or a list of them taken in turns), grace_ms (250: until then after a
            block's begin nothing is early), cost ({"get": 1, "list": 1, "batch": 0, "select": -1,
            "expand": 1, "top": -1, "refused": 0}, refused is for answers of 400 and 403), changes (list of
            {"after_s": 20, "per_second": 120}: the budget from then on), limit_percentage (true:
            x-ms-throttle-limit-percentage from 0.8 on), rate_limit (false: RateLimit-Limit and the like)
            FORM is seconds, fraction, date, rfc850, asctime, two_fields, negative, exponent, overlong, words,
            empty, past_date or absent
  latency_ms  of each answer: a number, or {"base": 20, "jitter": 5, "loaded": 400, "from": 0.5}: while the
            bucket empties, from the half on, the base grows to 400
  shape     "value" (default) or "bare": how an allotment is wrapped
  pages     {"size": 100, "empty": true, "next_link": "last"}: without $top so many to a page; an empty page
            after each; the link to the next page behind what the page holds
  gzip      what clients that accept gzip get compressed: "pages" of lists (default), "all", "none"
  token_lifetime_s  a number (3599), or [least, most]; token_refresh_in_s: what answers say beside it
  revoke_tokens_at  list: these requests to Graph, from 1, find all tokens revoked; clients that declare cp1
            get a claims challenge, others a plain 401
Example: {"rules": [{"match": {"path": "/allotment$", "every": 10}, "do": {"status": 503}}]})";
}

}
