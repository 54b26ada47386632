// A store in Node: npm install mqtt. Sends one message and says what becomes of it.
import mqtt from "mqtt";

const store = process.env.STORE;
const [id, to, text] = process.argv.slice(2);
const job = { id, to, text, purpose: "transactional" };
const final = new Set(["delivered", "undelivered", "failed", "expired", "cancelled"]);

const client = await mqtt.connectAsync({
  host: process.env.BROKER ?? "127.0.0.1",
  port: Number(process.env.PORT ?? 1883),
  protocolVersion: 5,
  username: store,
  password: process.env.PASSWORD,
  // The broker keeps what is said while the store is away: for a day, under this client id.
  clientId: `${store}-shop`,
  clean: false,
  properties: { sessionExpiryInterval: 86_400 },
});
await client.subscribeAsync(
  ["status", "rejected", "inbound"].map((kind) => `shopbell/v1/${store}/${kind}`),
  { qos: 1 },
);

const publish = () => client.publishAsync(`shopbell/v1/${store}/jobs`, JSON.stringify(job), { qos: 1 });
const again = setInterval(publish, 10_000); // until it is heard of, the same job again

client.on("message", async (topic, payload) => {
  const said = JSON.parse(payload);
  if (said.id !== id) return; // of another job, or what a person wrote: yours to keep
  clearInterval(again);
  const rejected = topic.endsWith("/rejected");
  console.log(rejected ? said.error.message : said.state);
  if (rejected || final.has(said.state)) await client.endAsync();
});
await publish();
