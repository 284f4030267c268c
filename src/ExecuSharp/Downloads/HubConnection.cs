using System.Net;
using System.Net.Http.Headers;

namespace ExecuSharp.Downloads;

/// <summary>Requests to a hub and to the hosts that it redirects to.</summary>
internal sealed class HubConnection : IDisposable
{
    private const int MaxRedirects = 10;

    private readonly HubOptions options;
    private readonly HttpClient client;

    public HubConnection(HubOptions options)
    {
        this.options = options;
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = options.StallTimeout };
        if (options.Proxy is { } proxy)
            handler.Proxy = new WebProxy(proxy);
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("execusharp", typeof(HubConnection).Assembly.GetName().Version!.ToString(3)));
    }

    /// <summary>Asks for the bytes from <paramref name="from"/> on and follows redirects; the token goes to the hub alone.</summary>
    /// <param name="address">The file.</param>
    /// <param name="from">First byte; 0 for all.</param>
    /// <param name="entityTag">The tag that the file must still have, or all of it comes; or null.</param>
    /// <param name="remote">Told what the answers say.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>The last answer; its content was not read.</returns>
    /// <exception cref="IOException">Too many redirects, or one that leaves TLS.</exception>
    public async Task<HttpResponseMessage> Get(Uri address, long from, string? entityTag, RemoteFile remote, CancellationToken cancellation)
    {
        for (int i = 0; i <= MaxRedirects; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (options.Token is { Length: > 0 } token && IsHub(address))
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (from > 0)
                request.Headers.Range = new RangeHeaderValue(from, null);
            if (from > 0 && entityTag is not null)
                request.Headers.IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue(entityTag));
            using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            stall.CancelAfter(options.StallTimeout);
            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
            remote.Read(response);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
                return response;
            response.Dispose();
            var next = new Uri(address, location);
            if (next.Scheme != Uri.UriSchemeHttps && next.Scheme != address.Scheme)
                throw new IOException($"{address.Host} redirects from {address.Scheme} to {next.Scheme}");
            address = next;
        }
        throw new IOException($"{address.Host}: more than {MaxRedirects} redirects");
    }

    /// <summary>Ends the connections.</summary>
    public void Dispose() => client.Dispose();

    private bool IsHub(Uri address) => Uri.Compare(address, options.BaseAddress, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
