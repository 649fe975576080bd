// Calls with axios, for `bench/python/clients.py`: a path per line on stdin, the milliseconds of the call on stdout.
import axios from "axios";
import readline from "node:readline";
import http from "node:http";

const client = axios.create({
  baseURL: process.argv[2],
  auth: { username: "simulator", password: "simulator" },
  httpAgent: new http.Agent({ keepAlive: true }),
  // What the service's own client for Node does: the text, then JSON.parse.
  transformResponse: (text) => JSON.parse(text),
});

for await (const path of readline.createInterface({ input: process.stdin })) {
  const start = performance.now();
  await client.get(path);
  process.stdout.write(`${performance.now() - start}\n`);
}
