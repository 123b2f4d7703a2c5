using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using AcsIdentity.Service.Retries;
using Azure;
using Azure.Core;
using CsCheck;
using Xunit;
using Xunit.Abstractions;

namespace AcsIdentity.Tests.Fuzzing;

/// <summary>The headers in which a service says how long to wait.</summary>
public sealed class RetryAfterFuzz(ITestOutputHelper output)
{
    private static readonly Gen<HttpHeader> _headers = Gen.Select(
        Gen.OneOf("Retry-After", "retry-after-ms", "x-ms-retry-after-ms"),
        Mutation.Of("0", "7", "600", "-5", "1.5", "Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "2026-11-26T12:00:00Z"),
        (name, value) => new HttpHeader(name, value));

    [Fact]
    public void Holds() => Fuzzer.Run(
        output,
        _headers.Array[0, 3],
        headers =>
        {
            using var response = new HeaderResponse(headers);
            Assert.True(RetryAfterHeader.Read(response) is not { } wait || wait >= TimeSpan.Zero);
        },
        headers => string.Join(" | ", headers.Select(header => $"{header.Name}: {header.Value}")));

    private sealed class HeaderResponse(HttpHeader[] headers) : Response
    {
        public override int Status => 429;

        public override string ReasonPhrase => "";

        public override Stream? ContentStream { get; set; }

        public override string ClientRequestId { get; set; } = "";

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => TryGetHeader(name, out _);

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => headers;

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = Array.Find(headers, header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
            return value is not null;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = TryGetHeader(name, out string? value) ? [value] : null;
            return values is not null;
        }
    }
}
