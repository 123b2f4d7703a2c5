"""Makes calls with Microsoft's published Python client. Reads a call from each line, and writes a line with its answer, both JSON."""
import json
import sys
from datetime import timedelta

from azure.communication.identity import CommunicationIdentityClient, CommunicationUserIdentifier
from azure.core.exceptions import HttpResponseError


def connect(call):
    connection_string = f"endpoint={call['endpoint']};accesskey={call['accessKey']}"
    version = {"api_version": call["apiVersion"]} if "apiVersion" in call else {}
    return CommunicationIdentityClient.from_connection_string(connection_string, retry_total=0, **version)


def user(call):
    return CommunicationUserIdentifier(call["id"])


def lifetime(call):
    return timedelta(minutes=call["minutes"]) if "minutes" in call else None


def token(issued):
    return {"token": issued.token, "expiresOn": issued.expires_on}


def create(client, _):
    return {"id": client.create_user().properties["id"]}


def create_with_token(client, call):
    created, issued = client.create_user_and_token(call.get("scopes"), token_expires_in=lifetime(call))
    return {"id": created.properties["id"], **token(issued)}


OPERATIONS = {
    "create": create,
    "createWithToken": create_with_token,
    "issue": lambda client, call: token(client.get_token(user(call), call.get("scopes"), token_expires_in=lifetime(call))),
    "revoke": lambda client, call: client.revoke_tokens(user(call)),
    "delete": lambda client, call: client.delete_user(user(call)),
    "exchange": lambda client, call: token(client.get_token_for_teams_user(call["teamsToken"], call["appId"], call["userId"])),
}


def answer(call):
    try:
        return OPERATIONS[call["operation"]](connect(call), call) or {}
    except HttpResponseError as error:
        envelope = error.error
        return {
            "refusal": {
                "status": error.status_code,
                "code": envelope and envelope.code,
                "message": envelope and envelope.message,
                "target": envelope and envelope.target,
            }
        }
    except Exception as error:  # If the client refuses to send a call, the exception can have any type.
        return {"clientError": str(error)}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
