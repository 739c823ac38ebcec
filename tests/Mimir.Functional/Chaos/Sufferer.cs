using System.Diagnostics;
using System.Globalization;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Chaos;

/// <summary>One client of a run in which servers come and go: makes seeded calls, several at a time, and keeps how they ended.</summary>
internal sealed class Sufferer(RawClient client, int index, Victim[] victims, int seed)
{
    private const int Width = 4;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly Random _random = new(unchecked((seed * 7919) + index));
    private int _left;

    /// <summary>Makes so many calls.</summary>
    public async Task<List<Suffered>> RunAsync(int calls)
    {
        _left = calls;
        var all = await Task.WhenAll(Enumerable.Range(0, Width).Select(async _ =>
        {
            await Task.Yield();
            var suffered = new List<Suffered>();
            while (Next() is { } next) suffered.Add(await MakeAsync(next));
            return suffered;
        }));
        return [.. all.SelectMany(s => s)];
    }

    private (Victim Victim, bool Once, string Id, int Ms)? Next()
    {
        lock (_random)
        {
            if (_left-- <= 0) return null;
            var id = string.Create(CultureInfo.InvariantCulture, $"{index}-{_left}");
            return (victims[_random.Next(victims.Length)], _random.Next(2) == 0, id, _random.Next(100) < 80 ? _random.Next(0, 3) : _random.Next(3, 60));
        }
    }

    private async Task<Suffered> MakeAsync((Victim Victim, bool Once, string Id, int Ms) call)
    {
        var from = Stopwatch.GetTimestamp();
        var tool = $"{call.Victim.Name}_{(call.Once ? "note" : "look")}";
        string? fault = null;
        var code = 0;
        try
        {
            var reply = await client.CallAsync(tool, $"{{\"id\":\"{call.Id}\",\"ms\":{call.Ms}}}", s_patience);
            var expected = (call.Once ? "noted " : "looked at ") + call.Id;
            if (reply.ToolText != expected || reply.Result.At("isError").ValueKind == System.Text.Json.JsonValueKind.True) (fault, code) = (reply.ToString(), reply.Code ?? 0);
        }
        catch (TimeoutException e)
        {
            fault = e.Message;
        }

        return new Suffered(
            $"client {index} ({client.GetType().Name})", tool, call.Victim, call.Once, call.Id, from, Stopwatch.GetTimestamp(), code, fault);
    }
}
