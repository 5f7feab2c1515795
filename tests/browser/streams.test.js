import { button, choose } from "./controls.js";
import { accessible, call, createTable, dev, page, screenshot } from "./harness.js";

page("Changes show up while they happen, with what changed", dev, async (page) => {
  await createTable(page, "watched", { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" } });
  await page.goto("/console/streams/watched");
  await page.getByText("Following, 0 records").waitFor();
  await page.getByText("No changes yet").waitFor();
  // The tail has its place once it has read.
  await page.waitForResponse((response) => response.request().postData()?.includes("GetRecords") ?? false);
  const key = { id: { S: "k" } };
  await call(page, "PutItem", { TableName: "watched", Item: { ...key, price: { N: "10" }, name: { S: "lamp" } } });
  await page.getByText("INSERT").waitFor();
  await call(page, "UpdateItem", { TableName: "watched", Key: key, UpdateExpression: "SET price = :p", ExpressionAttributeValues: { ":p": { N: "12.50" } } });
  const nested = (size) => ({ M: { size: { N: size }, colour: { S: "red" } } });
  await call(page, "UpdateItem", { TableName: "watched", Key: key, UpdateExpression: "SET shade = :s", ExpressionAttributeValues: { ":s": nested("1") } });
  await call(page, "UpdateItem", { TableName: "watched", Key: key, UpdateExpression: "SET shade = :s", ExpressionAttributeValues: { ":s": nested("2") } });
  await call(page, "DeleteItem", { TableName: "watched", Key: key });
  await page.getByText("REMOVE").waitFor();
  await page.getByText("Following, 5 records").waitFor();
  await button(page, "shade").first().click();
  await page.getByRole("cell", { name: "shade.size changed", exact: true }).waitFor();
  await button(page, "price").click();
  await page.getByRole("cell", { name: "12.5", exact: true }).first().waitFor();
  await screenshot(page, "streams-live");
  await accessible(page);

  // Paused, nothing comes; followed again, what was missed does.
  await button(page, "Pause").click();
  await call(page, "PutItem", { TableName: "watched", Item: { ...key, note: { S: "while paused" } } });
  await page.getByText("Paused, 5 records").waitFor();
  await button(page, "Follow").click();
  await page.getByText("Following, 6 records").waitFor();
  await button(page, "Clear").click();
  await page.getByText("No changes yet").waitFor();
  await choose(page, "Where to begin", "From the oldest record");
  await page.getByText("Following, 6 records").waitFor();
  await page.getByRole("button", { name: /^Shards/ }).click();
  await page.getByText(/^shardId-/).first().waitFor();
  await screenshot(page, "streams-shards");
});

page("A stream is turned on and off on the table's page", dev, async (page) => {
  await createTable(page, "streamed");
  await page.goto("/console/streams/streamed");
  await page.getByText("streamed has no stream").waitFor();
  await screenshot(page, "streams-none");
  await button(page, "Turn it on").click();
  await page.getByRole("radio", { name: "Keys only" }).check();
  await button(page, "Turn on").click();
  await page.getByText("The stream is on.").waitFor();
  await button(page, "Watch it live").click();
  await page.getByText(/^Following/).waitFor();
  await page.goto("/console/tables/streamed?tab=stream");
  await button(page, "Turn off").click();
  await page.getByRole("dialog").getByRole("button", { name: "Turn off" }).click();
  await page.getByText("The stream is off.").waitFor();
});
