using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AcsIdentity.Emulator;
using AcsIdentity.Emulator.Http;
using AcsIdentity.Emulator.Identities;
using AcsIdentity.Emulator.Throttling;
using AcsIdentity.Tests.Emulator;
using AcsIdentity.Tests.Support;
using NJsonSchema;
using Xunit;

namespace AcsIdentity.Tests.Conformance;

/// <summary>Each answer of the emulator, in each version, has the shape of the REST specification and no other members.</summary>
public sealed class AnswerSchemaTests : EmulatorTests
{
    /// <summary>Each version of each route of the emulator, from its own table of routes.</summary>
    public static TheoryData<string, string> VersionsOfRoutes()
    {
        using var emulator = new IdentityEmulator();
        var rows = new TheoryData<string, string>();
        foreach ((string version, string route) in Claims(emulator))
        {
            rows.Add(version, route);
        }

        return rows;
    }

    [Fact]
    public void Emulator_has_the_operations_of_the_specification()
    {
        IEnumerable<(string, string)> specified = SpecifiedOperations.All.SelectMany(operation => operation.Versions.Split(", ").Select(version => (version, operation.Route)));

        Assert.Equal(specified.Order(), Claims(Emulator).Order());
    }

    [Theory]
    [MemberData(nameof(VersionsOfRoutes))]
    public void Answers_have_the_shapes_of_the_specification(string version, string route)
    {
        SpecifiedOperation operation = Assert.Single(SpecifiedOperations.All, operation => operation.Route == route && operation.Versions.Split(", ").Contains(version));
        var samples = new AnswerSamples(Emulator, Clock, version, route);

        var statuses = new HashSet<int>();
        foreach ((int status, EmulatorRequest request) in samples.Performed().Concat(samples.Refused()))
        {
            EmulatorResponse response = Emulator.Handle(request);
            Assert.Equal(status, response.Status);
            AssertAnswer(operation, response);
            statuses.Add(status);
        }

        Assert.Contains(statuses, status => status < 300);
    }

    [Fact]
    public void Throttled_call_has_the_shape_of_an_error()
    {
        using var throttled = new IdentityEmulator(new EmulatorOptions { Clock = Clock, Throttle = new ThrottleOptions { Creates = 1 } });
        EmulatorRequest create = SignedRequest.Create(throttled.AccessKey, "POST", "/identities?api-version=" + Newest, "", Clock.GetUtcNow());
        throttled.Handle(create);

        EmulatorResponse refused = throttled.Handle(create);

        Assert.Equal(429, refused.Status);
        AssertShape(SpecifiedOperations.Error, refused);
    }

    [Theory]
    [InlineData("""{"error":{"code":"a","message":"b","extra":1}}""")]
    [InlineData("""{"error":{"code":"a","message":"b"},"extra":1}""")]
    [InlineData("""{"error":{"code":"a"}}""")]
    [InlineData("""{"error":{"code":"a","message":null}}""")]
    [InlineData("""{"error":{"code":"a","message":"b","details":[{}]}}""")]
    [InlineData("[]")]
    public void Other_shapes_are_refused(string answer)
    {
        Assert.NotEmpty(Problems(SpecifiedOperations.Error, answer));
    }

    [Theory]
    [InlineData("""{"token":"a","expiresOn":"2026-11-22T12:00:00.123+00:00"}""", true)]
    [InlineData("""{"token":"a","expiresOn":"tomorrow"}""", false)]
    [InlineData("""{"token":"a","expiresOn":1}""", false)]
    [InlineData("""{"token":"a"}""", false)]
    [InlineData("""{"token":"a","expiresOn":"2026-11-22T12:00:00+00:00","id":"b"}""", false)]
    public void Shape_of_a_token_is_checked(string answer, bool isValid)
    {
        SpecifiedOperation issue = SpecifiedOperations.All.First(operation => operation.Route == "POST identities/{id}/:issueAccessToken");

        Assert.Equal(isValid, Problems(issue.Answers[200]!, answer).Length == 0);
    }

    private static IEnumerable<(string Version, string Route)> Claims(IdentityEmulator emulator) =>
        from route in emulator.Routes
        from version in ApiVersion.All
        where route.IsIn(version)
        select (version.Name, $"{route.Method} {route.Path}");

    private static void AssertAnswer(SpecifiedOperation operation, EmulatorResponse response)
    {
        if (response.Status >= 400)
        {
            AssertShape(SpecifiedOperations.Error, response);
        }
        else if (operation.Answers[response.Status] is { } schema)
        {
            AssertShape(schema, response);
        }
        else
        {
            Assert.Empty(response.Body);
        }
    }

    private static void AssertShape(string schema, EmulatorResponse response) => Assert.Empty(Problems(schema, Encoding.UTF8.GetString(response.Body)));

    private static string[] Problems(string schema, string answer) =>
        [.. JsonSchema.FromJsonAsync(schema).GetAwaiter().GetResult().Validate(answer).Select(problem => $"{problem.Path} {problem.Kind} in {answer}")];
}
