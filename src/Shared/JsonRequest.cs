using System;
using System.IO;
using System.Text.Json;
using Azure.Core;

namespace AcsIdentity.Shared;

/// <summary>Writes the bodies of requests.</summary>
internal static class JsonRequest
{
    /// <summary>Sets the body to a JSON object.</summary>
    public static void SetBody(Request request, Action<Utf8JsonWriter> writeMembers)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        request.Headers.Add("Content-Type", "application/json");
        request.Content = RequestContent.Create(body.ToArray());
    }
}
