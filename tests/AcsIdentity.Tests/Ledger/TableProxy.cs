using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace AcsIdentity.Tests.Ledger;

/// <summary>Stands between a ledger and Azurite, and treats some requests badly.</summary>
internal sealed class TableProxy : IDisposable
{
    private readonly HttpListener _listener;
    private readonly HttpClient _client = new();
    private readonly Uri _account;

    public TableProxy(AzuriteServer azurite)
    {
        _account = azurite.Account;
        (_listener, int port) = Listen();
        Account = new UriBuilder(azurite.Account) { Port = port }.Uri;
        _ = ServeAsync();
    }

    /// <summary>The table service behind the proxy.</summary>
    public Uri Account { get; }

    /// <summary>Called for each transaction before it is passed on. Returns the status of an answer in its place; null to pass it on.</summary>
    public Func<Task<int?>> BeforeTransaction { get; set; } = () => Task.FromResult<int?>(null);

    /// <summary>Called for each transaction after it was carried out. Returns true to lose the answer: the client gets 503.</summary>
    public Func<Task<bool>> AfterTransaction { get; set; } = () => Task.FromResult(false);

    /// <summary>The transactions so far, as they were sent.</summary>
    public ConcurrentQueue<string> Transactions { get; } = new();

    public void Dispose()
    {
        _listener.Close();
        _client.Dispose();
    }

    private static (HttpListener Listener, int Port) Listen()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var listener = new HttpListener();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        return (listener, port);
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        bool isTransaction = context.Request.RawUrl!.EndsWith("$batch", StringComparison.Ordinal);
        if (isTransaction && await BeforeTransaction() is { } status)
        {
            Answer(context, status);
            return;
        }

        HttpRequestMessage request = await CopyAsync(context.Request);
        if (isTransaction)
        {
            Transactions.Enqueue(await request.Content!.ReadAsStringAsync());
        }

        using HttpResponseMessage answer = await _client.SendAsync(request);
        if (isTransaction && await AfterTransaction())
        {
            Answer(context, 503);
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach ((string name, IEnumerable<string> values) in answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key is not ("Transfer-Encoding" or "Content-Length" or "Connection" or "Keep-Alive")))
        {
            context.Response.Headers[name] = string.Join(",", values);
        }

        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        context.Response.Close(body, willBlock: false);
    }

    private async Task<HttpRequestMessage> CopyAsync(HttpListenerRequest request)
    {
        using var body = new MemoryStream();
        await request.InputStream.CopyToAsync(body);
        var copy = new HttpRequestMessage(new HttpMethod(request.HttpMethod), new Uri(_account.GetLeftPart(UriPartial.Authority) + request.RawUrl))
        {
            Content = new ByteArrayContent(body.ToArray()),
        };
        foreach (string name in request.Headers.AllKeys.OfType<string>().Where(name => name is not ("Host" or "Content-Length" or "Connection")))
        {
            HttpHeaders headers = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) ? copy.Content.Headers : copy.Headers;
            headers.TryAddWithoutValidation(name, request.Headers[name]);
        }

        return copy;
    }

    private static void Answer(HttpListenerContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Close();
    }
}
