// Makes calls with axios for `bench/python/clients.py`: reads a path per line on stdin, writes the milliseconds to stdout.
import axios from "axios";
import readline from "node:readline";
import http from "node:http";

const client = axios.create({
  baseURL: process.argv[2],
  auth: { username: "simulator", password: "simulator" },
  httpAgent: new http.Agent({ keepAlive: true }),
  // As the service's own client for Node: receives a string, then calls JSON.parse.
  transformResponse: (text) => JSON.parse(text),
});

for await (const path of readline.createInterface({ input: process.stdin })) {
  const start = performance.now();
  await client.get(path);
  process.stdout.write(`${performance.now() - start}\n`);
}
