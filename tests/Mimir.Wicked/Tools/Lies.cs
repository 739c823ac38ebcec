using System.Collections.Concurrent;
using Mimir.Wicked.Server;

namespace Mimir.Wicked.Tools;

/// <summary>Answers to ids that nobody waits for, each with a text by which whoever takes it for his own is found out.</summary>
internal static class Lies
{
    private static readonly ConcurrentQueue<string> s_answered = new();
    private static int s_told;

    /// <summary>From now on nobody waits for the answer to this one.</summary>
    public static void Answered(Exchange exchange)
    {
        foreach (var past in (ConcurrentQueue<string>[])[s_answered, exchange.Talk.Past])
        {
            past.Enqueue(exchange.Id);
            if (past.Count > 64) past.TryDequeue(out _);
        }
    }

    /// <summary>Tells one, of the next kind, on the stream of a request that is or was answered.</summary>
    public static Task TellAsync(Exchange exchange, string nonce)
    {
        var own = exchange.Id;
        var digits = own.Trim('"');

        // On a stream for all answers of a session, what was answered in another session may be open: told here it would be no lie.
        var past = ReferenceEquals(exchange.Outlet, exchange.Talk.Standing) ? exchange.Talk.Past : s_answered;
        var id = (Interlocked.Increment(ref s_told) % 10) switch
        {
            0 => "null",
            1 => "\"stranger\"",
            2 => "-1",
            3 => own.StartsWith('"') ? digits.Length > 0 && digits.All(char.IsAsciiDigit) ? digits : "7.5" : $"\"{digits}\"",
            4 => "987654321987654321",
            5 => "[]",
            6 => $"\"{digits} \"",
            7 => "9007199254740993",
            8 when past.TryPeek(out var stale) && stale != own => stale,
            _ => "\"\"",
        };
        return exchange.Outlet.SendAsync(
            $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{exchange.Result(Exchange.Text("a lie")
            + $",\"structuredContent\":{{\"nonce\":\"a lie told to \",\"told\":{nonce}}}")}}}");
    }
}
