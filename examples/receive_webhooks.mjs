// Receives webhooks and prints what happened.
//
// ATS_SIGNATURE_KEY=whsec_... node examples/receive_webhooks.mjs 8100

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const KEY = process.env.ATS_SIGNATURE_KEY;

// Whether the bytes of a body, as they came, were signed with our key.
function isGenuine(body, signature) {
  const expected = createHmac("sha256", KEY).update(body).digest();
  const given = Buffer.from(signature ?? "", "base64url");
  return given.length === expected.length && timingSafeEqual(given, expected);
}

createServer(async (request, response) => {
  const parts = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  const genuine = isGenuine(body, request.headers["x-merge-webhook-signature"]);
  response.writeHead(genuine ? 200 : 401).end(); // do the work later, elsewhere
  if (!genuine) return;
  const event = JSON.parse(body);
  if (event.hook) console.log(request.headers["webhook-id"], event.hook.event, event.data.id);
}).listen(Number(process.argv[2]), "127.0.0.1");
