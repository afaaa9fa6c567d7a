import { client } from './fill.mjs';

/** Removes what a block has made, so that the broker does not grow from block to block. */
export async function removeTopics(brokers, prefix) {
  const admin = client(brokers).admin();
  await admin.connect();
  const made = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  if (made.length > 0) await admin.deleteTopics({ topics: made });
  await admin.disconnect();
}
