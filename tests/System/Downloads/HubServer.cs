using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ExecuSharp.Tests.System.Downloads;

/// <summary>A small HTTP server on this machine whose answers can be cut at any byte.</summary>
internal sealed class HubServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<HubRequest, HubReply> answer;
    private readonly List<HubRequest> requests = [];

    public HubServer(Func<HubRequest, HubReply> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = Accept();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public IReadOnlyList<HubRequest> Requests
    {
        get
        {
            lock (requests)
                return [.. requests];
        }
    }

    public void Dispose() => listener.Dispose();

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Serve(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                var request = await Read(new StreamReader(stream, Encoding.ASCII));
                lock (requests)
                    requests.Add(request);
                var reply = answer(request);
                var body = reply.Body ?? [];
                var head = new StringBuilder($"HTTP/1.1 {reply.Status} Reply\r\nConnection: close\r\nContent-Length: {body.Length}\r\n");
                foreach (var (name, value) in reply.Headers)
                    head.Append($"{name}: {value}\r\n");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()));
                await stream.WriteAsync(body.AsMemory(0, reply.CutAfter ?? reply.HangAfter ?? body.Length));
                if (reply.HangAfter is not null && await stream.ReadAsync(new byte[1]) > 0)
                    throw new IOException("a second request on one connection");
            }
        }
        catch (IOException)
        {
            // The client has gone.
        }
    }

    private static async Task<HubRequest> Read(StreamReader reader)
    {
        string path = (await reader.ReadLineAsync())!.Split(' ')[1];
        var headers = new Dictionary<string, string>();
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
            headers[line[..line.IndexOf(':')].ToLowerInvariant()] = line[(line.IndexOf(':') + 1)..].Trim();
        return new HubRequest(path, headers);
    }
}
