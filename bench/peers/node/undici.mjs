// undici's Pool, the fastest HTTP client of Node.js, and JSON.parse.
import { readFileSync } from 'node:fs'
import { Pool } from 'undici'
import { check, job, run } from './job.mjs'

const pool = new Pool(job.url, {
  connections: job.connections,
  pipelining: 1,
  connect: { ca: readFileSync(job.caFile) },
})

const headers = {
  'user-agent': 'bench',
  accept: 'application/json',
  prefer: 'include-unknown-enum-members',
  authorization: `Bearer ${job.token}`,
  'client-request-id': '00000000-0000-4000-8000-000000000000',
}

await run(async (id) => {
  const { statusCode, body } = await pool.request({
    path: `/beta/admin/cloudLicensing/assignments/${id}/allotment`,
    method: 'GET',
    headers,
  })
  const { value } = await body.json()
  if (statusCode !== 200) {
    throw new Error(`an answer ${statusCode}`)
  }
  check(value.id, value.services.length)
})
