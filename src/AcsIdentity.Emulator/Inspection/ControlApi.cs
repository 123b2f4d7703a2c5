using System;
using System.Text.Json;
using AcsIdentity.Emulator.Access;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>
/// The endpoints that the real service does not have: the status page at /, state and faults under /emulator/, and the
/// public key of the tokens. They need no credentials: every client that can connect controls the emulator.
/// </summary>
internal sealed class ControlApi(IdentityEmulator emulator, IdentityStore identities, Assignments assignments, Lazy<TokenSigner> signer, TimeProvider clock)
{
    private readonly StatusPage _page = new(emulator, identities, assignments, clock);
    private readonly StateJson _state = new(emulator, identities, assignments, clock);

    /// <returns>The response; null if the path is not one of the control API.</returns>
    public EmulatorResponse? TryHandle(EmulatorRequest request)
    {
        string path = request.RawPath;
        if (path is not ("/" or "/.well-known/jwks.json") && !path.StartsWith("/emulator/", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            CrossSiteGuard.RequireTrustedHost(request);
            request.RequireBodyWithinLimits();
            return Route(request, path);
        }
        catch (ServiceError error)
        {
            return error.ToResponse();
        }
    }

    private EmulatorResponse Route(EmulatorRequest request, string path) => (request.Method, path) switch
    {
        ("GET", "/") => _page.Render(),
        ("GET", "/emulator/page.css") => StatusPage.Style(),
        ("GET", "/emulator/page.js") => StatusPage.Script(),
        ("POST", "/emulator/revoke") => HandleButton(request, id => identities.Find(id)?.RevokeTokens()),
        ("POST", "/emulator/delete") => HandleButton(request, id => identities.Delete(id)),
        ("GET", "/.well-known/jwks.json") => Json(json => signer.Value.WritePublicKeys(json)),
        ("GET", "/emulator/identities") => Json(_state.WriteIdentities),
        ("GET", "/emulator/assignments") => Json(_state.WriteAssignments),
        ("GET", "/emulator/requests") => Json(_state.WriteRequests),
        ("GET", "/emulator/faults") => Json(json => FaultJson.Write(json, emulator.Faults.Faults)),
        ("POST", "/emulator/faults") => AddFault(request),
        ("DELETE", "/emulator/faults") => NoContent(emulator.Faults.Clear),
        ("GET", "/emulator/clock") => Json(WriteClock),
        ("POST", "/emulator/clock") => MoveClock(request),
        ("POST", "/emulator/introspect") => Introspect(request),
        ("POST", "/emulator/reset") => Reset(request),
        _ => throw ServiceError.ResourceNotFound(),
    };

    private static EmulatorResponse Json(Action<Utf8JsonWriter> writeMembers) => EmulatorResponse.Json(200, writeMembers);

    private static EmulatorResponse NoContent(Action action)
    {
        action();
        return new EmulatorResponse { Status = 204 };
    }

    /// <summary>Handles a button of the status page. A missing identity is no error: the page may be older than its deletion.</summary>
    private static EmulatorResponse HandleButton(EmulatorRequest request, Action<string> action)
    {
        CrossSiteGuard.RequireSameOrigin(request);
        action(request.QueryParameter("id") ?? throw ServiceError.InvalidControlRequest(400, "The query parameter id is required."));
        return new EmulatorResponse { Status = 303, Headers = { ["Location"] = "/" } };
    }

    private EmulatorResponse AddFault(EmulatorRequest request)
    {
        using JsonBody body = ReadBody(request);
        emulator.Faults.Add(FaultJson.Read(body));
        return new EmulatorResponse { Status = 204 };
    }

    private EmulatorResponse MoveClock(EmulatorRequest request)
    {
        using JsonBody body = ReadBody(request);
        body.AllowOnly("now", "advance", "requestDates");
        bool movesRequestDates = body.GetBoolean("requestDates") ?? false;
        try
        {
            switch ((body.GetTime("now"), body.GetNumber("advance")))
            {
                case ({ } now, null):
                    emulator.Clock.Set(now, movesRequestDates);
                    break;
                case (null, { } seconds):
                    emulator.Clock.Advance(TimeSpan.FromSeconds(seconds), movesRequestDates);
                    break;
                default:
                    throw ServiceError.InvalidControlRequest(400, "One of the members now (a time) and advance (seconds) is required.");
            }
        }
        catch (ArgumentException problem)
        {
            throw ServiceError.InvalidControlRequest(400, problem.Message);
        }
        catch (OverflowException)
        {
            throw ServiceError.InvalidControlRequest(400, "advance: The number of seconds is too large.");
        }

        return Json(WriteClock);
    }

    private void WriteClock(Utf8JsonWriter json)
    {
        json.WriteString("now", EmulatorResponse.Timestamp(emulator.Clock.GetUtcNow()));
        json.WriteNumber("offset", emulator.Clock.Offset.TotalSeconds);
        json.WriteBoolean("requestDates", emulator.Clock.MovesRequestDates);
    }

    private EmulatorResponse Introspect(EmulatorRequest request)
    {
        using JsonBody body = ReadBody(request);
        string token = body.GetString("token") ?? throw ServiceError.InvalidControlRequest(400, "The member token is required.");
        TokenIntrospection introspection = emulator.Introspect(token);
        return Json(json =>
        {
            json.WriteBoolean("active", introspection.IsActive);
            json.WriteBoolean("signed", introspection.IsSigned);
            json.WriteBoolean("expired", introspection.IsExpired);
            json.WriteBoolean("revoked", introspection.IsRevoked);
            json.WriteBoolean("identityExists", introspection.IdentityExists);
        });
    }

    private EmulatorResponse Reset(EmulatorRequest request)
    {
        using JsonBody body = ReadBody(request);
        body.AllowOnly();
        return NoContent(emulator.Reset);
    }

    /// <summary>Requires JSON: another web site can post a form without a CORS preflight request, but not JSON.</summary>
    private static JsonBody ReadBody(EmulatorRequest request) =>
        request.Header("Content-Type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true
            ? JsonBody.Read(request.Body)
            : throw ServiceError.InvalidControlRequest(415, "The Content-Type must be application/json.");
}
