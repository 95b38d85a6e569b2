// What each peer is asked to do: `PROGRAM URL CA_FILE CONNECTIONS WARM_UP_SECONDS SECONDS`, with BENCH_TOKEN.
const [url, caFile, connections, warmUp, seconds] = process.argv.slice(2)

export const job = {
  url,
  caFile,
  connections: Number(connections),
  token: process.env.BENCH_TOKEN,
}

const nanoseconds = 1e9

let phase = 'warm-up'
let answers = 0
let begin = take()
let end

function take() {
  return { at: Number(process.hrtime.bigint()), answers, used: process.cpuUsage() }
}

// One more answer is there, and right. False: the time is over, ask for no more.
export function answered() {
  answers += 1
  if (phase !== 'over' && answers % 16 === 0) {
    const passed = (Number(process.hrtime.bigint()) - begin.at) / nanoseconds
    if (phase === 'warm-up' && passed >= Number(warmUp)) {
      phase = 'counting'
      begin = take()
    } else if (phase === 'counting' && passed >= Number(seconds)) {
      phase = 'over'
      end = take()
    }
  }
  return phase !== 'over'
}

const ids = Array.from({ length: 1000 }, (_, each) =>
  '405ee855-dd74-f695-8d7e-be35' + each.toString(16).padStart(8, '0'))
let asked = 0

export function nextId() {
  asked += 1
  return ids[asked % ids.length]
}

export function check(id, services) {
  if (id !== '551f1755-0184-9e51-0bc7-f32bae5a1afb' || services !== 4) {
    throw new Error('a wrong allotment')
  }
}

// Keeps `connections` requests under way, each of which `ask` sends and checks, until the time is over.
export async function run(ask) {
  const loop = async () => {
    do {
      await ask(nextId())
    } while (answered())
  }
  await Promise.all(Array.from({ length: job.connections }, loop))
  console.log(JSON.stringify({
    answers: end.answers - begin.answers,
    seconds: (end.at - begin.at) / nanoseconds,
    user_s: (end.used.user - begin.used.user) / 1e6,
    system_s: (end.used.system - begin.used.system) / 1e6,
  }))
  process.exit(0)
}
