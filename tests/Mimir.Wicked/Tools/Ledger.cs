using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mimir.Wicked.Server;

namespace Mimir.Wicked.Tools;

/// <summary>
/// The tool by which a caller proves that its call was executed once and that the answer is its own: it answers with the nonce, who
/// answered, how many calls this process has answered, how often it saw the nonce, and a checksum of the arguments as they arrived.
/// </summary>
internal sealed class Ledger(WickedServer server)
{
    private readonly ConcurrentDictionary<string, int> _seen = new();
    private string? _previous;
    private int _calls;

    /// <summary>The checksum of arguments: the first 16 hex digits of the SHA-256 of their bytes.</summary>
    public static string Checksum(string arguments) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(arguments)).AsSpan(0, 8));

    /// <summary>The nonce, over and over, at least <paramref name="length"/> characters of it.</summary>
    public static string Fill(string nonce, int length) =>
        length <= nonce.Length || nonce.Length == 0 ? nonce : string.Concat(Enumerable.Repeat(nonce, (length / nonce.Length) + 1));

    /// <summary>
    /// <c>{nonce, delayMs?, progress?, touch?, fill?, cut?: {at, then}}</c>: waits the delay (or a random one in the script's bounds),
    /// reports progress so many times with the nonce as message, updates the resource <c>touch</c>, answers with the nonce as text, or
    /// with so many characters of it, over stdio cut at a byte.
    /// </summary>
    public async Task RunAsync(Exchange exchange, JsonElement arguments)
    {
        var nonce = arguments.Get("nonce").AsText() ?? "";
        var delay = arguments.Get("delayMs").AsInt(server.Delay());
        var steps = arguments.Get("progress").AsInt(0);
        server.Effects.Enter(nonce);
        var seen = _seen.AddOrUpdate(nonce, 1, (_, n) => n + 1);
        for (var i = 1; i <= steps; i++)
        {
            await exchange.ProgressAsync(i, steps, nonce);
            if (delay > 0) await Task.Delay(delay / (steps + 1), exchange.Canceled);
        }

        if (arguments.Get("touch").AsText() is { } uri) await server.UpdatedAsync(uri);
        if (delay > 0) await Task.Delay(delay / (steps + 1), exchange.Canceled);
        exchange.Canceled.ThrowIfCancellationRequested();

        var entry = $"{{\"nonce\":{Json.Text(nonce)},\"server\":{Json.Text(server.Script.Name)},\"pid\":{Json.Digits(Environment.ProcessId)},"
            + $"\"count\":{Json.Digits(Interlocked.Increment(ref _calls))},\"seen\":{Json.Digits(seen)},"
            + $"\"sum\":\"{Checksum(arguments.ValueKind == default ? "" : arguments.GetRawText())}\"}}";
        if (server.Script.SwapAnswers) entry = Interlocked.Exchange(ref _previous, entry) ?? entry;
        var members = $"{Exchange.Text(Fill(nonce, arguments.Get("fill").AsInt(0)))},\"structuredContent\":{entry}";
        var cut = arguments.Get("cut");
        if (server.Script.Lies) await Lies.TellAsync(exchange, Json.Text(nonce));
        if (cut.ValueKind != JsonValueKind.Object)
        {
            await exchange.ReplyAsync(members);
            if (!server.Script.Lies) return;
            Lies.Answered(exchange);
            if (!exchange.Outlet.EndsWithAnswer) await Lies.TellAsync(exchange, Json.Text(nonce));
            return;
        }

        await exchange.Outlet.CutAsync(
            exchange.Answer(exchange.Result(members)), cut.Get("at").AsInt(0), Enum.Parse<CutEnd>(cut.Get("then").AsText() ?? "", ignoreCase: true));
    }
}
