// Evaluates flags for users with the service's JavaScript SDK and prints the values as a JSON list. Arguments: the path
// of the package, the base URL of the config files, an SDK key, and a JSON list of [flag, default, user] triples.
import { pathToFileURL } from "node:url";

const [, , sdk, baseUrl, key, questions] = process.argv;
const { getClient, PollingMode, createConsoleLogger, LogLevel, User } = await import(pathToFileURL(sdk));
const client = getClient(key, PollingMode.ManualPoll, { baseUrl, logger: createConsoleLogger(LogLevel.Error) });
await client.forceRefreshAsync();
const values = [];
for (const [flag, fallback, user] of JSON.parse(questions)) {
  const who = user === null ? undefined : new User(user.identifier, user.email, user.country, user.custom);
  values.push(await client.getValueAsync(flag, fallback, who));
}
client.dispose();
console.log(JSON.stringify(values));
