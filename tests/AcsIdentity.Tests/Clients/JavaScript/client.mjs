// Makes calls with Microsoft's published JavaScript client. Reads a call from each line, and writes a line with its answer,
// both JSON.
import { createInterface } from "node:readline";
import { CommunicationIdentityClient } from "@azure/communication-identity";

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
  issue: (client, { id, scopes, minutes }) => client.getToken({ communicationUserId: id }, scopes, { tokenExpiresInMinutes: minutes }),
  revoke: (client, { id }) => client.revokeTokens({ communicationUserId: id }),
  delete: (client, { id }) => client.deleteUser({ communicationUserId: id }),
  exchange: (client, { teamsToken, appId, userId }) =>
    client.getTokenForTeamsUser({ teamsUserAadToken: teamsToken, clientId: appId, userObjectId: userId }),
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
