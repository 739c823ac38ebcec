using Mimir.Faults.Matrix;
using Mimir.Faults.Network;
using Mimir.Faults.Oracle;
using Mimir.Faults.World;
using Mimir.Functional.Harness;

namespace Mimir.Faults.Kinds;

/// <summary>X04: servers that never finish their handshake, or answer it with garbage, from the router's first moment on. The others are ready on time.</summary>
internal sealed class BadHandshake() : Fault("X04", "a handshake that hangs, and garbage of 20 kinds in its place", 200)
{
    private const int InOneBed = 4;
    private readonly List<Link> _links = [];

    /// <summary>What stands in the place of the answer; null is silence.</summary>
    private static readonly string?[] s_answers =
    [
        null,
        "",
        "hello",
        "{",
        "[]",
        "null",
        "42",
        "{}",
        """{"jsonrpc":"2.0"}""",
        """{"jsonrpc":"2.0","id":{ID}}""",
        """{"jsonrpc":"2.0","id":{ID},"result":null}""",
        """{"jsonrpc":"2.0","id":{ID},"result":[]}""",
        """{"jsonrpc":"2.0","id":{ID},"result":{}}""",
        """{"jsonrpc":"2.0","id":{ID},"result":{"protocolVersion":7,"supportedVersions":7,"capabilities":{},"serverInfo":{"name":"x","version":"1"}}}""",
        """{"jsonrpc":"2.0","id":{ID},"result":{"protocolVersion":"1999-01-01","supportedVersions":["1999-01-01"],"capabilities":{},"serverInfo":{"name":"x","version":"1"}}}""",
        """{"jsonrpc":"2.0","id":{ID},"result":{"protocolVersion":"2025-11-25","supportedVersions":[],"capabilities":"all","serverInfo":7}}""",
        """{"jsonrpc":"2.0","id":{ID},"error":{"code":-32603,"message":"no"}}""",
        """{"jsonrpc":"2.0","id":{ID},"error":"no"}""",
        """{"jsonrpc":"2.0","id":"stranger","result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"x","version":"1"}}}""",
        """{"jsonrpc":"2.0","id":{ID},"id":{ID},"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"x","version":"1"}}}""",
    ];

    /// <inheritdoc/>
    public override int Least => 12;

    /// <inheritdoc/>
    public override TimeSpan Startup => TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public override TimeSpan ListGrace => TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public override bool NeedsOwnBed => true;

    /// <inheritdoc/>
    public override bool IsBornIll => true;

    /// <inheritdoc/>
    public override string? Excuse(Transport transport, Phase phase) => phase is Phase.Handshake or Phase.Listing or Phase.ShuttingDown
        ? null : "without a handshake nothing is idle, in flight or streaming";

    /// <inheritdoc/>
    public override void Configure(Config config, Transport transport, Account account, TempFolder folder)
    {
        var first = account.Next(s_answers.Length);
        for (var i = 0; i < InOneBed; i++)
        {
            var answer = i == 0 ? null : s_answers[(first + i) % s_answers.Length];
            var keys = $"\"protocol\":\"{transport.Protocol()}\",\"startupTimeout\":\"2s\"";
            if (transport.IsPipe())
            {
                var react = answer is null ? "Hang" : "Verbatim";
                config.Stdio($"bad{i}", $"\"onInitialize\":\"{react}\",\"onProbe\":\"{react}\",\"verbatim\":{System.Text.Json.JsonSerializer.Serialize(answer ?? "")},{transport.Script()}", keys);
                continue;
            }

            var link = new Link(account.Next(1 << 20)) { Answer = r => Respond(r, answer, transport) };
            _links.Add(link);
            config.Http($"bad{i}", new Uri($"http://127.0.0.1:{link.Port}/{(transport == Transport.Sse ? "sse" : "mcp")}"), keys);
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(Scene scene)
    {
        try
        {
            scene.Account.Strike();
            do
            {
                var limit = scene.Fault.ListGrace + TimeSpan.FromSeconds(scene.Settings.Scale > 0 ? 1 : 10);
                List<Task> open = [.. scene.Bed.Actors.Select(a => a.ListAsync(limit, Bed.WellName + "_ledger")), scene.NeighbourAsync()];
                for (var i = 0; i < InOneBed; i++)
                {
                    var order = new Order($"bad{i}", scene.Deadline) { MayBeTheirs = true, MayBreak = scene.Phase == Phase.ShuttingDown };
                    open.AddRange(scene.Bed.Actors.Select(a => a.CallAsync(order)));
                }

                if (scene.Phase == Phase.ShuttingDown)
                {
                    await Task.WhenAll(open.Take(2));
                    await Drill.ShutDownAsync(scene, () => Task.CompletedTask);
                }

                await Task.WhenAll(open);
            }
            while (scene.Phase != Phase.ShuttingDown && scene.Account.Made < scene.Calls && scene.Account.Wrongs == 0);
        }
        finally
        {
            foreach (var link in _links) await link.DisposeAsync();
            _links.Clear();
        }
    }

    private static Canned? Respond(WireRequest request, string? answer, Transport transport)
    {
        // HTTP+SSE begins with a stream; one that names no endpoint is garbage as good as any.
        if (request.Verb == "GET" && transport == Transport.Sse)
        {
            return answer is null
                ? Canned.Raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 1000000\r\n\r\n")
                : Canned.Raw($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 1000000\r\n\r\nevent: endpoint\ndata: /message\n\nevent: message\ndata: {answer.Replace("{ID}", "1", StringComparison.Ordinal)}\n\n");
        }

        if (transport == Transport.Sse) return Canned.Reply("202 Accepted", null, "");
        return answer is null ? Canned.Raw("") : Canned.Reply("200 OK", "application/json", answer.Replace("{ID}", request.Id, StringComparison.Ordinal));
    }
}
