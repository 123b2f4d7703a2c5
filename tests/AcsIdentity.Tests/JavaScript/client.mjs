// Drives every operation of the service through Microsoft's published JavaScript client and prints what it got as JSON.
// Usage: node client.mjs <connection string> <Entra token> <application id> <user id>
import { CommunicationIdentityClient } from "@azure/communication-identity";

const [connectionString, entraToken, clientId, userObjectId] = process.argv.slice(2);
// Plain HTTP to loopback is something the client wants to be told about.
const options = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };
const client = new CommunicationIdentityClient(connectionString, options);

async function refusal(call) {
  try {
    await call();
    return null;
  } catch (error) {
    return { status: error.statusCode, code: error.code, message: error.message };
  }
}

const user = await client.createUser();
const withToken = await client.createUserAndToken(["chat", "voip"], { tokenExpiresInMinutes: 60 });
const token = await client.getToken(user, ["chat.join", "voip.join"], { tokenExpiresInMinutes: 120 });
const teamsToken = await client.getTokenForTeamsUser({ teamsUserAadToken: entraToken, clientId, userObjectId });
const shortLifetime = await refusal(() => client.getToken(user, ["chat"], { tokenExpiresInMinutes: 59 }));
await client.revokeTokens(user);
await client.deleteUser(user);
const deleted = await refusal(() => client.getToken(user, ["chat"]));
const wrongKey = connectionString.replace(/accesskey=.*/, "accesskey=d3Jvbmc=");
const denied = await refusal(() => new CommunicationIdentityClient(wrongKey, options).createUser());

console.log(JSON.stringify({ user, withToken, token, teamsToken, shortLifetime, deleted, denied }));
