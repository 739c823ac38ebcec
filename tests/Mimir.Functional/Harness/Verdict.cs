using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Harness;

/// <summary>What several tests demand of a reply.</summary>
internal static class Verdict
{
    /// <summary>An error that the router made: it says so, names the server and whether trying again may help.</summary>
    public static void RouterError(Reply reply, string server)
    {
        Assert.True(reply.Code is not null, "not an error: " + reply);
        var data = reply.Error.At("data");
        Assert.True(data.At("source").Str() is { Length: > 0 }, "data.source: " + reply);
        Assert.True(data.At("server").Str() == server, "data.server: " + reply);
        Assert.True(data.At("retryable").ValueKind is JsonValueKind.True or JsonValueKind.False, "data.retryable: " + reply);
        Assert.True(reply.Code is < -32768 or > -32000 or -32602 or -32603, "a code that a router may use: " + reply);
    }

    /// <summary>A tool's answer of one text.</summary>
    public static void Text(string text, Reply reply) => Assert.True(reply.ToolText == text, $"expected {text}: {reply}");

    /// <summary>A ledger entry of one server.</summary>
    public static void Ledger(string server, string nonce, Reply reply)
    {
        var entry = reply.Result.At("structuredContent");
        Assert.True(entry.At("nonce").Str() == nonce && entry.At("server").Str() == server, $"expected an entry of {server} for {nonce}: {reply}");
        Assert.True(entry.At("seen").GetInt32() == 1, "executed more than once: " + reply);
    }

    /// <summary>Nothing came that nobody waited for.</summary>
    public static void NoStrays(RawClient client) => Assert.True(client.Strays.IsEmpty, string.Join('\n', client.Strays));
}
