using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace AcsIdentity.Benchmarks;

/// <summary>A Kestrel endpoint that gives every request the same answer. Its rate is the upper limit for any host.</summary>
internal sealed class BareKestrel : IAsyncDisposable
{
    private readonly WebApplication _application;

    private BareKestrel(WebApplication application) => _application = application;

    public Uri Endpoint => new(_application.Urls.Single());

    public static async Task<BareKestrel> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication application = builder.Build();
        application.Run(async context =>
        {
            context.Response.ContentType = BareAnswer.ContentType;
            context.Response.ContentLength = BareAnswer.Body.Length;
            await context.Response.Body.WriteAsync(BareAnswer.Body, context.RequestAborted);
        });
        await application.StartAsync(CancellationToken.None);
        return new BareKestrel(application);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
