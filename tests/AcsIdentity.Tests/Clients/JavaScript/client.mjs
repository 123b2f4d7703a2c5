// Makes calls with Microsoft's published JavaScript client. Reads a call from each line, and writes a line with its answer,
// both JSON. The argument is the package of the client: JavaScript/package.json has one for each version.
import { createInterface } from "node:readline";
import { AzureCommunicationTokenCredential } from "@azure/communication-common";

const { CommunicationIdentityClient } = await import(process.argv[2] ?? "@azure/communication-identity");

function connect({ endpoint, accessKey, apiVersion }) {
  // The client uses plain HTTP only with this option.
  const options = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 }, apiVersion };
  return new CommunicationIdentityClient(`endpoint=${endpoint};accesskey=${accessKey}`, options);
}

const operations = {
  create: async (client) => ({ id: (await client.createUser()).communicationUserId }),
  createWithToken: async (client, { scopes, minutes }) => {
    const { user, token, expiresOn } = await client.createUserAndToken(scopes, { tokenExpiresInMinutes: minutes });
    return { id: user.communicationUserId, token, expiresOn };
  },
  issue: (client, { id, scopes, minutes }) => {
    const user = { communicationUserId: id };
    // The first preview has issueToken.
    return client.getToken ? client.getToken(user, scopes, { tokenExpiresInMinutes: minutes }) : client.issueToken(user, scopes);
  },
  revoke: (client, { id }) => client.revokeTokens({ communicationUserId: id }),
  delete: (client, { id }) => client.deleteUser({ communicationUserId: id }),
  // The preview of the exchange takes the token only.
  exchange: (client, { teamsToken, appId, userId }) =>
    client.getTokenForTeamsUser(appId === undefined ? teamsToken : { teamsUserAadToken: teamsToken, clientId: appId, userObjectId: userId }),
  exchangeEntra: async (_, { endpoint, entraToken, scopes }) => {
    const tokenCredential = { getToken: async () => ({ token: entraToken, expiresOnTimestamp: Date.now() + 3600000 }) };
    const credential = new AzureCommunicationTokenCredential({ resourceEndpoint: endpoint.replace(/\/$/, ""), tokenCredential, scopes });
    const { token, expiresOnTimestamp } = await credential.getToken();
    credential.dispose();
    return { token, expiresOn: new Date(expiresOnTimestamp) };
  },
};

async function answer(call) {
  try {
    return (await operations[call.operation](connect(call), call)) ?? {};
  } catch (error) {
    const { statusCode: status, code, message } = error;
    return status === undefined
      ? { clientError: message }
      : { refusal: { status, code, message, target: error.response.parsedBody?.error?.target } };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
