import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
const c = new DynamoDBClient({endpoint:"http://127.0.0.1:9", region:"us-east-1", credentials:{accessKeyId:"x",secretAccessKey:"y"}, maxAttempts:1});
try { await c.send(new ListTablesCommand({})); } catch (e) { console.log(e.name, e.message); }
