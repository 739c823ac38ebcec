using Mimir.Eras.Server;

namespace Mimir.Eras.Tools;

/// <summary>What happens while a call runs.</summary>
internal static class CallTools
{
    private const string Canceled = "cancelled";
    private const int Steps = 3;

    /// <summary>Longest that a count waits for what it was told to expect.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    /// <summary>The tools.</summary>
    public static IEnumerable<Tool> All(Era era)
    {
        yield return new("progress", ProgressAsync);
        yield return new("wait", WaitAsync);
        yield return new("cancelled-count", CountAsync, "\"atLeast\":{\"type\":\"integer\"}");
        yield return new("log", LogTools.LogAsync);
        yield return new("level", LogTools.LevelAsync);
        if (era.Batches) yield return new("batch", BatchAsync);
    }

    private static async Task ProgressAsync(Call call)
    {
        for (var i = 1; i <= Steps; i++) await call.ProgressAsync(i, Steps);
        await call.ReplyTextAsync("progressed");
    }

    /// <summary>Progress in one array, the answer in another: that one array holds both is nothing that the schema of batches has.</summary>
    private static async Task BatchAsync(Call call)
    {
        if (call.ProgressToken is not null)
            await call.Outlet.SendAsync($"[{string.Join(',', Enumerable.Range(1, Steps).Select(i => call.Progress(i, Steps)))}]");
        await call.Outlet.SendAsync($"[{call.Answer(call.Result(Call.Text("in a batch")))}]", final: true);
    }

    private static async Task WaitAsync(Call call)
    {
        // Whoever cancels needs to know that there is something to cancel.
        await call.ProgressAsync(1, Steps);
        try
        {
            await Task.Delay(Timeout.Infinite, call.Canceled);
        }
        finally
        {
            call.Server.Memory.Note(Canceled);
        }
    }

    private static async Task CountAsync(Call call)
    {
        var count = await call.Server.Memory.CountAsync(Canceled, call.Arguments.Get("atLeast").AsInt(0), s_patience);
        await call.ReplyTextAsync(Json.Digits(count));
    }
}
