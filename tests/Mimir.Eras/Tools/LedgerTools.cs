using Mimir.Eras.Server;

namespace Mimir.Eras.Tools;

/// <summary>One tool that must not run twice, and one that may.</summary>
internal static class LedgerTools
{
    private const string Properties = "\"id\":{\"type\":\"string\"},\"ms\":{\"type\":\"integer\"}";

    /// <summary>The tools.</summary>
    public static IEnumerable<Tool> All()
    {
        yield return new("note", NoteAsync, Properties);
        yield return new("look", LookAsync, Properties, "\"annotations\":{\"idempotentHint\":true}");
    }

    /// <summary><c>{id, ms}</c>: enters the id, waits, and says so.</summary>
    private static Task NoteAsync(Call call)
    {
        call.Server.Ledger.Note("note " + Id(call));
        return SayAsync(call, "noted ");
    }

    /// <summary><c>{id, ms}</c>: waits, and names the id.</summary>
    private static Task LookAsync(Call call) => SayAsync(call, "looked at ");

    private static async Task SayAsync(Call call, string words)
    {
        if (call.Arguments.Get("ms").AsInt(0) is > 0 and var ms) await Task.Delay(ms, call.Canceled);
        await call.ReplyTextAsync(words + Id(call));
    }

    private static string Id(Call call) => call.Arguments.Get("id").AsText() ?? "";
}
