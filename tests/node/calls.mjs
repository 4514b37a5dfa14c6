// Calls the official Node SDK against OMNIATS_URL and prints one JSON line for each call: {"call", "problem"}.
// The SDK parses answers without validating them; here each is validated, and must have every declared key.

import merge from "@mergeapi/merge-node-client";

const { MergeClient, serialization } = merge;
const { OMNIATS_URL, OMNIATS_KEY, OMNIATS_TOKEN } = process.env;
const client = new MergeClient({
  environment: OMNIATS_URL,
  apiKey: OMNIATS_KEY,
  accountToken: OMNIATS_TOKEN,
  maxRetries: 0,
});

let missing = [];
for (const [name, schema] of Object.entries(serialization.ats)) {
  if (typeof schema?.parseOrThrow !== "function") continue;
  const parse = schema.parseOrThrow;
  schema.parseOrThrow = (raw, options) => {
    look(name, raw);
    const item = /^Paginated(.*)List$/.exec(name)?.[1];
    if (item) raw.results.forEach((result) => look(item, result));
    return parse(raw, { ...options, skipValidation: false });
  };
}

function look(name, raw) {
  for (const key of serialization.ats[name]._getRawProperties?.() ?? []) {
    if (!(key in raw)) missing.push(`${name}.${key}`);
  }
}

async function call(name, made) {
  missing = [];
  let problem = null;
  let answer;
  try {
    answer = await made();
    if (missing.length) problem = `without ${[...new Set(missing)].join(", ")}`;
  } catch (error) {
    problem = String(error.stack ?? error);
  }
  console.log(JSON.stringify({ call: name, problem }));
  return answer;
}

const found = {};
for (const resource of Object.getOwnPropertyNames(Object.getPrototypeOf(client.ats))) {
  const { list, retrieve } = client.ats[resource] ?? {};
  if (typeof list !== "function") continue;
  const page = await call(`${resource}.list`, () => client.ats[resource].list());
  found[resource] = page?.data ?? page?.results ?? [];
  if (typeof retrieve === "function" && found[resource].length) {
    const { id } = found[resource][0];
    await call(`${resource}.retrieve`, () => client.ats[resource].retrieve(id));
  }
}

const known = found.interviews.find((one) => one.application && one.interviewers.length);
const startAt = new Date("2031-05-06T09:30:00Z");
const created = await call("interviews.create", () =>
  client.ats.interviews.create({
    model: {
      application: known.application,
      interviewers: known.interviewers,
      startAt,
      endAt: new Date(startAt.getTime() + 3600000),
      location: "Room 1",
    },
    remoteUserId: known.interviewers[0],
    isDebugMode: true, // `logs` is there only then
  }),
);
await call("interviews.create is kept", async () => {
  const read = await client.ats.interviews.retrieve(created.model.id);
  if (read.startAt.getTime() !== startAt.getTime() || read.location !== "Room 1") throw new Error("lost");
});
await call("passthrough.create", async () => {
  const answer = await client.ats.passthrough.create({ method: "GET", path: "/v3/candidates?per_page=1" });
  if (answer.status !== 200) throw new Error(`the vendor answered ${answer.status}`);
});
await call("linkToken.create", () =>
  client.ats.linkToken.create({
    endUserEmailAddress: "people@acme.example",
    endUserOrganizationName: "Acme",
    endUserOriginId: "customer-42",
    categories: ["ats"],
  }),
);
