using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using AcsIdentity.Emulator.Faults;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Tokens;

namespace AcsIdentity.Emulator.Inspection;

/// <summary>
/// What the emulator answers beside the service: a page for people at /, a look inside and the faults to show, under
/// /emulator/, and the public key of its tokens. It asks for no credentials; whoever reaches the emulator owns it.
/// </summary>
internal sealed class ControlApi(IdentityEmulator emulator, IdentityStore identities, Lazy<TokenSigner> signer, TimeProvider clock)
{
    private const int MaxIdentities = 1000;

    private readonly StatusPage _page = new(emulator, identities, clock);

    /// <returns>The answer, or null where the request is the service's.</returns>
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
            return (request.Method, path) switch
            {
                ("GET", "/") => _page.Render(),
                ("GET", "/emulator/page.css") => StatusPage.Style(),
                ("GET", "/emulator/page.js") => StatusPage.Script(),
                ("POST", "/emulator/revoke") => FromPage(request, id => identities.Find(id)?.RevokeTokens()),
                ("POST", "/emulator/delete") => FromPage(request, id => identities.Delete(id)),
                ("GET", "/.well-known/jwks.json") => Json(json => signer.Value.WritePublicKeys(json)),
                ("GET", "/emulator/identities") => Json(WriteIdentities),
                ("GET", "/emulator/requests") => Json(WriteRequests),
                ("GET", "/emulator/faults") => Json(WriteFaults),
                ("POST", "/emulator/faults") => AddFault(request),
                ("DELETE", "/emulator/faults") => Done(emulator.Faults.Clear),
                ("POST", "/emulator/introspect") => Introspect(request),
                ("POST", "/emulator/reset") => Reset(request),
                _ => throw ServiceError.ResourceNotFound(),
            };
        }
        catch (ServiceError error)
        {
            return error.ToResponse();
        }
    }

    private static EmulatorResponse Json(Action<Utf8JsonWriter> writeMembers) => EmulatorResponse.Json(200, writeMembers);

    private static EmulatorResponse Done(Action action)
    {
        action();
        return new EmulatorResponse { Status = 204 };
    }

    /// <summary>A web page of somebody else's can post a form here, but not JSON: for that the browser would ask first.</summary>
    private static JsonBody Read(EmulatorRequest request) =>
        request.Header("Content-Type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true
            ? JsonBody.Read(request.Body)
            : throw ServiceError.InvalidControlRequest(415, "The Content-Type must be application/json.");

    /// <summary>What a button of the page does to an identity. One that is gone by now is no error: the page shows as much.</summary>
    private static EmulatorResponse FromPage(EmulatorRequest request, Action<string> action)
    {
        CrossSiteGuard.RequireSameOrigin(request);
        action(request.QueryParameter("id") ?? throw ServiceError.InvalidControlRequest(400, "id is needed."));
        return new EmulatorResponse { Status = 303, Headers = { ["Location"] = "/" } };
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, EmulatorResponse.Timestamp(known));
        }
    }

    private void WriteIdentities(Utf8JsonWriter json)
    {
        json.WriteNumber("count", identities.Count);
        json.WriteStartArray("newest");
        foreach (IdentityStore.Identity identity in identities.Newest(MaxIdentities))
        {
            json.WriteStartObject();
            json.WriteString("id", identity.Id);
            if (identity.CustomId is { } customId)
            {
                json.WriteString("customId", customId);
            }

            WriteTime(json, "createdAt", identity.CreatedAt);
            WriteTime(json, "lastTokenIssuedAt", identity.LastTokenIssuedAt);
            (long issued, long revoked) = identity.Tokens;
            json.WriteNumber("tokensIssued", issued);
            json.WriteNumber("tokensRevoked", revoked);
            WriteTokens(json, identity);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteTokens(Utf8JsonWriter json, IdentityStore.Identity identity)
    {
        DateTimeOffset now = clock.GetUtcNow();
        json.WriteStartArray("newestTokens");
        foreach (TokenRecord token in identity.NewestTokens)
        {
            json.WriteStartObject();
            json.WriteNumber("number", token.Number);
            json.WriteStartArray("scopes");
            foreach (string scope in token.Scopes.Split(','))
            {
                json.WriteStringValue(scope);
            }

            json.WriteEndArray();
            WriteTime(json, "issuedAt", token.IssuedAt);
            WriteTime(json, "expiresOn", token.ExpiresOn);
            json.WriteBoolean("revoked", identity.IsRevoked(token.Number));
            json.WriteBoolean("expired", token.IsExpired(now));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteRequests(Utf8JsonWriter json)
    {
        json.WriteNumber("count", emulator.RequestCount);
        json.WriteStartArray("newest");
        foreach (LoggedRequest logged in emulator.Requests)
        {
            json.WriteStartObject();
            json.WriteNumber("number", logged.Number);
            WriteTime(json, "time", logged.Time);
            json.WriteString("method", logged.Method);
            json.WriteString("target", logged.Target);
            if (logged.Status is { } status)
            {
                json.WriteNumber("status", status);
            }

            json.WriteNumber("milliseconds", Math.Round(logged.Duration.TotalMilliseconds, 3));
            json.WriteString("userAgent", logged.UserAgent);
            json.WriteString("requestId", logged.RequestId);
            json.WriteString("fault", logged.Fault?.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteFaults(Utf8JsonWriter json)
    {
        json.WriteStartArray("faults");
        foreach ((Fault fault, int hits) in emulator.Faults.Faults)
        {
            json.WriteStartObject();
            json.WriteString("kind", fault.Kind.ToString());
            json.WriteString("operation", fault.Operation?.ToString());
            json.WriteNumber("hits", hits);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The members of <see cref="Fault"/>, delay in milliseconds.</summary>
    private EmulatorResponse AddFault(EmulatorRequest request)
    {
        using JsonBody body = Read(request);
        body.AllowOnly("kind", "operation", "status", "retryAfter", "delay", "next", "every", "probability", "seed");
        var fault = new Fault
        {
            Kind = Named<FaultKind>(body, "kind") ?? throw ServiceError.InvalidControlRequest(400, "kind is needed: " + Names<FaultKind>()),
            Operation = Named<ServiceOperation>(body, "operation"),
            Status = Whole(body, "status"),
            RetryAfter = Whole(body, "retryAfter"),
            Delay = TimeSpan.FromMilliseconds(Whole(body, "delay") ?? 0),
            Next = Whole(body, "next"),
            Every = Whole(body, "every"),
            Probability = body.GetNumber("probability"),
            Seed = Whole(body, "seed") ?? 0,
        };
        try
        {
            return Done(() => emulator.Faults.Add(fault));
        }
        catch (ArgumentException)
        {
            throw ServiceError.InvalidControlRequest(400, fault.Problem()!);
        }
    }

    private EmulatorResponse Introspect(EmulatorRequest request)
    {
        using JsonBody body = Read(request);
        TokenIntrospection known = emulator.Introspect(body.GetString("token") ?? throw ServiceError.InvalidControlRequest(400, "token is needed."));
        return Json(json =>
        {
            json.WriteBoolean("active", known.IsActive);
            json.WriteBoolean("signed", known.IsSigned);
            json.WriteBoolean("expired", known.IsExpired);
            json.WriteBoolean("revoked", known.IsRevoked);
            json.WriteBoolean("identityExists", known.IdentityExists);
        });
    }

    private EmulatorResponse Reset(EmulatorRequest request)
    {
        using JsonBody body = Read(request);
        body.AllowOnly();
        return Done(emulator.Reset);
    }

    private static T? Named<T>(JsonBody body, string member)
        where T : struct, Enum
    {
        // By name only: Enum.TryParse takes numbers too.
        return body.GetString(member) switch
        {
            null => null,
            { } text when Enum.GetNames(typeof(T)).Contains(text, StringComparer.OrdinalIgnoreCase) => (T)Enum.Parse(typeof(T), text, ignoreCase: true),
            _ => throw ServiceError.InvalidControlRequest(400, $"{member} is one of: {Names<T>()}"),
        };
    }

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", (IEnumerable<string>)Enum.GetNames(typeof(T))) + ".";

    private static int? Whole(JsonBody body, string member) => body.GetInteger(member) switch
    {
        null => null,
        { } value and >= int.MinValue and <= int.MaxValue => (int)value,
        _ => throw ServiceError.MemberMalformed(member, "a whole number"),
    };
}
