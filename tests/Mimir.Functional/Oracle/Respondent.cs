using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Mimir.Functional.Clients;

namespace Mimir.Functional.Oracle;

/// <summary>
/// One client of a run in which servers ask: makes seeded quiz calls, several at a time, answers what it is asked with its own name
/// and the call it was asked for, and judges both the questions that reach it and what the tools say they were told.
/// </summary>
internal sealed class Respondent
{
    private const int Width = 2;
    private const int MostRounds = 3;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private readonly RawClient _client;
    private readonly string _name;
    private readonly Target[] _targets;
    private readonly string[] _kinds;
    private readonly Tally _tally;
    private readonly Random _random;
    private readonly ConcurrentDictionary<string, Call> _open = new();
    private int _rootsExpected;
    private int _rootsAsked;
    private int _left;

    /// <summary>Makes one.</summary>
    /// <param name="client">Its wire, open.</param>
    /// <param name="index">Its number.</param>
    /// <param name="targets">Whom it may call.</param>
    /// <param name="kinds">What it can be asked.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="tally">Where its findings go.</param>
    public Respondent(RawClient client, int index, Target[] targets, string[] kinds, int seed, Tally tally)
    {
        _client = client;
        _name = $"client-{index.ToString(CultureInfo.InvariantCulture)}-{client.GetType().Name}{(client.Modern ? "-modern" : "")}";
        _targets = targets;
        _kinds = kinds;
        _tally = tally;
        _random = new Random(unchecked((seed * 7919) + index));
        client.OnQuestion = question => $"\"result\":{Answer(question, null)}";
    }

    /// <summary>Makes one call to a server.</summary>
    public Task TryAsync(string server)
    {
        Interlocked.Increment(ref _left);
        return MakeAsync(Next(_targets.First(t => t.Server == server))!);
    }

    /// <summary>Makes calls until it has been asked so many questions.</summary>
    public Task RunAsync(int questions)
    {
        _left = questions;
        return Task.WhenAll(Enumerable.Range(0, Width).Select(async _ =>
        {
            await Task.Yield();
            while (Next() is { } call) await MakeAsync(call);
        }));
    }

    /// <summary>Judges what is left when all calls have ended.</summary>
    public void Settle()
    {
        foreach (var stray in _client.Strays) _tally.Duplicated($"{_name}: nobody waits for {stray}");
        if (_rootsAsked > _rootsExpected) _tally.Duplicated($"{_name}: asked for its roots {_rootsAsked} times, not {_rootsExpected}");
        else if (_rootsAsked < _rootsExpected) _tally.Lost($"{_name}: asked for its roots {_rootsAsked} times, not {_rootsExpected}");
    }

    private Call? Next(Target? one = null)
    {
        lock (_random)
        {
            if (_left <= 0) return null;
            var target = one ?? _targets[_random.Next(_targets.Length)];
            Span<byte> bytes = stackalloc byte[12];
            _random.NextBytes(bytes);
            var rounds = Enumerable.Range(0, _random.Next(1, MostRounds)).Select(_ => _random.GetItems(_kinds, _random.Next(1, 4))).ToArray();
            _left -= rounds.Sum(r => r.Length);
            return new Call(target, Convert.ToHexStringLower(bytes), rounds);
        }
    }

    private async Task MakeAsync(Call call)
    {
        _open[call.Nonce] = call;
        _tally.Send();
        Interlocked.Add(ref _rootsExpected, call.Rounds.Sum(r => r.Count(k => k == "roots")));
        var rounds = string.Join(',', call.Rounds.Select(r => $"[{string.Join(',', r.Select(k => $"\"{k}\""))}]"));
        var aside = call.Target.Server.EndsWith("Aside", StringComparison.Ordinal) ? ",\"aside\":true" : "";
        var members = $"\"name\":\"{call.Target.Tool}\",\"arguments\":{{\"nonce\":\"{call.Nonce}\",\"rounds\":[{rounds}]{aside}}}";
        try
        {
            var reply = await _client.AskAsync("tools/call", members, s_patience);

            // Each round is one retry: what comes in pieces is one more.
            for (var retry = 0; _client.Modern && reply.Result.At("resultType").Str() == "input_required" && retry < 3 * MostRounds; retry++)
                reply = await _client.AskAsync("tools/call", members + Continuation(call, reply.Result), s_patience);
            Judge(call, reply);
        }
        catch (TimeoutException)
        {
            _tally.Lost($"{_name}: no answer to {members}");
        }
        finally
        {
            _open.TryRemove(call.Nonce, out _);
        }
    }

    private void Judge(Call call, Reply reply)
    {
        var lines = call.Rounds.SelectMany((kinds, round) => kinds.Select((kind, i) => $"{round}.{i} {Word(kind, call.Nonce, $"{round}.{i}")}"));
        if (reply.ToolText == string.Join('\n', lines))
        {
            _tally.Answer();
            _tally.Question(call.Rounds.Sum(r => r.Length));
        }
        else if (reply.Result.At("isError").ValueKind == JsonValueKind.True || reply.ToolText is null)
        {
            _tally.Lost($"{_name}, {call.Target.Tool}, {call.Nonce}: {reply}");
        }
        else
        {
            _tally.Misdelivered($"{_name}, {call.Target.Tool}, {call.Nonce} of {string.Join(" | ", call.Rounds.Select(r => string.Join(' ', r)))} was told {reply}");
        }
    }

    private string Continuation(Call call, JsonElement result)
    {
        var answers = result.At("inputRequests") is { ValueKind: JsonValueKind.Object } requests
            ? requests.EnumerateObject().Select(q => $"{JsonSerializer.Serialize(q.Name)}:{Answer(q.Value, call)}")
            : [];
        return $",\"inputResponses\":{{{string.Join(',', answers)}}},\"requestState\":{result.At("requestState").GetRawText()}";
    }

    /// <summary>Who answers, and what it believes to be asked.</summary>
    private string Word(string kind, string nonce, string key) => kind == "roots" ? _name : $"{_name} {nonce} {key}";

    private string Answer(JsonElement question, Call? asker)
    {
        switch (question.At("method").Str())
        {
            case "elicitation/create":
                return $"{{\"action\":\"accept\",\"content\":{{\"name\":\"{Asked(question.At("params", "message").Str(), "form", asker)}\"}}}}";
            case "sampling/createMessage":
                var text = question.At("params", "messages")[0].At("content", "text").Str();
                return $"{{\"role\":\"assistant\",\"model\":\"m\",\"stopReason\":\"endTurn\",\"content\":{{\"type\":\"text\",\"text\":\"{Asked(text, "sample", asker)}\"}}}}";
            default:
                Interlocked.Increment(ref _rootsAsked);
                return $"{{\"roots\":[{{\"uri\":\"file:///\",\"name\":\"{Word("roots", "", "")}\"}}]}}";
        }
    }

    private string Asked(string? text, string kind, Call? asker)
    {
        var words = (text ?? "").Split(' ');
        if (words.Length != 2 || !_open.TryGetValue(words[0], out var call) || (asker is not null && asker != call)) _tally.Misdelivered($"{_name}: asked '{text}'{(asker is null ? "" : " for " + asker.Nonce)}");
        else if (!call.Asked.TryAdd(words[1], kind)) _tally.Duplicated($"{_name}: asked '{text}' twice");
        return Word(kind, words[0], words.Length == 2 ? words[1] : "");
    }

    private sealed record Call(Target Target, string Nonce, string[][] Rounds)
    {
        public ConcurrentDictionary<string, string> Asked { get; } = new();
    }
}
