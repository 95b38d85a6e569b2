// msgraph-beta-sdk: its request adapter with the middleware it comes with, and its model of an allotment. The
// package has no request builders, so the request is what theirs would make.
import {
  BaseBearerTokenAuthenticationProvider, HttpMethod, ParseNodeFactoryRegistry, RequestInformation,
} from '@microsoft/kiota-abstractions'
import { JsonParseNodeFactory } from '@microsoft/kiota-serialization-json'
import { GraphBetaRequestAdapter } from '@microsoft/msgraph-beta-sdk'
import { createAllotmentFromDiscriminatorValue } from '@microsoft/msgraph-beta-sdk/models/cloudLicensing/index.js'
import { createODataErrorFromDiscriminatorValue } from '@microsoft/msgraph-beta-sdk/models/oDataErrors/index.js'
import { check, job, run } from './job.mjs'

const authentication = new BaseBearerTokenAuthenticationProvider({
  getAuthorizationToken: async () => job.token,
  getAllowedHostsValidator: () => undefined,
})
const parseNodes = new ParseNodeFactoryRegistry()
parseNodes.registerDefaultDeserializer(JsonParseNodeFactory)
const adapter = new GraphBetaRequestAdapter(authentication, parseNodes)
adapter.baseUrl = `${job.url}/bare/beta`

const template = '{+baseurl}/admin/cloudLicensing/assignments/{assignment%2Did}/allotment{?%24expand,%24select}'
const errors = { XXX: createODataErrorFromDiscriminatorValue }

await run(async (id) => {
  const request = new RequestInformation(
    HttpMethod.GET, template, { baseurl: adapter.baseUrl, 'assignment%2Did': id })
  request.headers.tryAdd('Accept', 'application/json')
  const found = await adapter.send(request, createAllotmentFromDiscriminatorValue, errors)
  check(found.id, found.services.length)
})
