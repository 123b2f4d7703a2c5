using System;
using System.Text.Json;
using Azure.Core;

namespace AcsIdentity.Shared;

/// <summary>Writes the bodies of requests.</summary>
internal static class JsonRequest
{
    /// <summary>Sets the body to a JSON object.</summary>
    public static void SetBody(Request request, Action<Utf8JsonWriter> writeMembers)
    {
        request.Headers.Add("Content-Type", "application/json");
        request.Content = RequestContent.Create(JsonText.Write(writeMembers));
    }
}
