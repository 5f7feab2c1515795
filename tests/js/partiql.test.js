// PartiQL through the SDK and through the document client.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import * as sdk from "@aws-sdk/client-dynamodb";
import * as document from "@aws-sdk/lib-dynamodb";

import { openTable } from "./table.js";

const { client, table: TableName } = await openTable("title:HASH year:RANGE", "title:S year:N");
const documents = document.DynamoDBDocumentClient.from(client);

const execute = (Statement, Parameters, more = {}) =>
  documents.send(new document.ExecuteStatementCommand({ Statement, Parameters, ...more }));

test("plain values go in as parameters and come back as items", async () => {
  const title = randomUUID();
  const info = { rating: 7.5, actors: ["a", "b"], nothing: null };
  await execute(`INSERT INTO "${TableName}" VALUE {'title': ?, 'year': ?, 'info': ?, 'tags': <<'x'>>}`, [title, 2001, info]);
  const { Items } = await execute(`SELECT * FROM "${TableName}" WHERE title=? AND year=?`, [title, 2001]);
  assert.deepEqual(Items, [{ title, year: 2001, info, tags: new Set(["x"]) }]);
  const updated = await execute(
    `UPDATE "${TableName}" SET info.rating=? WHERE title=? AND year=? RETURNING MODIFIED NEW *`,
    [8, title, 2001],
  );
  assert.deepEqual(updated.Items, [{ info: { rating: 8 } }]);
  await execute(`DELETE FROM "${TableName}" WHERE title=? AND year=?`, [title, 2001]);
  assert.deepEqual((await execute(`SELECT title FROM "${TableName}" WHERE title=?`, [title])).Items, []);
});

test("errors have their classes", async () => {
  const insert = [`INSERT INTO "${TableName}" VALUE {'title': ?, 'year': 1}`, [randomUUID()]];
  await execute(...insert);
  await assert.rejects(execute(...insert), sdk.DuplicateItemException);
  const nothing = `UPDATE "${TableName}" SET a=1 WHERE title='${randomUUID()}' AND year=1`;
  await assert.rejects(execute(nothing), sdk.ConditionalCheckFailedException);
});

test("a failed condition shows the item", async () => {
  const title = randomUUID();
  await execute(`INSERT INTO "${TableName}" VALUE {'title': ?, 'year': 1, 'a': 1}`, [title]);
  const update = execute(`UPDATE "${TableName}" SET a=2 WHERE title=? AND year=1 AND a=5`, [title], {
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  });
  await assert.rejects(update, (error) => {
    assert.deepEqual(error.Item.a, { N: "1" });
    return error instanceof sdk.ConditionalCheckFailedException;
  });
});

test("pages follow their tokens", async () => {
  const title = randomUUID();
  for (let year = 0; year < 5; ++year) await execute(`INSERT INTO "${TableName}" VALUE {'title': ?, 'year': ?}`, [title, year]);
  const years = [];
  let NextToken;
  do {
    const page = await execute(`SELECT year FROM "${TableName}" WHERE title=? ORDER BY year DESC`, [title], { Limit: 2, NextToken });
    years.push(...page.Items.map((item) => item.year));
    NextToken = page.NextToken;
  } while (NextToken);
  assert.deepEqual(years, [4, 3, 2, 1, 0]);
});

test("batches and transactions", async () => {
  const title = randomUUID();
  const insert = (year) => ({ Statement: `INSERT INTO "${TableName}" VALUE {'title': ?, 'year': ?}`, Parameters: [title, year] });
  const batch = await documents.send(new document.BatchExecuteStatementCommand({ Statements: [insert(1), insert(2)] }));
  assert.deepEqual(batch.Responses, [{ TableName }, { TableName }]);
  await assert.rejects(
    documents.send(new document.ExecuteTransactionCommand({ TransactStatements: [insert(3), insert(2)] })),
    (error) => {
      assert.deepEqual(error.CancellationReasons.map((reason) => reason.Code), ["None", "DuplicateItem"]);
      return error instanceof sdk.TransactionCanceledException;
    },
  );
  const select = (year) => ({ Statement: `SELECT year FROM "${TableName}" WHERE title=? AND year=?`, Parameters: [title, year] });
  const read = await documents.send(new document.ExecuteTransactionCommand({ TransactStatements: [select(1), select(3)] }));
  assert.deepEqual(read.Responses, [{ Item: { year: 1 } }, {}]);
});
