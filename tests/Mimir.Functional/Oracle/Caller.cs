using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Mimir.Functional.Clients;
using Mimir.Wicked.Tools;

namespace Mimir.Functional.Oracle;

/// <summary>One client of a run: makes seeded ledger calls, several at a time, and judges everything that reaches it.</summary>
internal sealed class Caller
{
    private const int Width = 8;
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    private readonly RawClient _client;
    private readonly string _name;
    private readonly int _index;
    private readonly IdStyle _style;
    private readonly Target[] _targets;
    private readonly Tally _tally;
    private readonly Random _random;
    private readonly ConcurrentDictionary<string, Call> _byToken = new();
    private readonly ConcurrentDictionary<string, Call> _abandoned = new();
    private readonly ConcurrentDictionary<string, bool> _updated = new();
    private readonly string[] _mine;
    private int _sent = -1;

    /// <summary>Makes a caller.</summary>
    /// <param name="client">Its wire, open.</param>
    /// <param name="index">Its number, which also names the resources that it alone subscribes to.</param>
    /// <param name="targets">Whom it may call.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="tally">Where its findings go.</param>
    public Caller(RawClient client, int index, Target[] targets, int seed, Tally tally)
    {
        _client = client;
        _index = index;
        _style = (IdStyle)(index % 3);
        _name = $"client {index} ({client.GetType().Name}{(client.Modern ? ", modern" : "")}, {_style})";
        _targets = targets;
        _tally = tally;
        _random = new Random(unchecked((seed * 7919) + index));
        _mine = [.. targets.Select(t => Uri(t, index))];
        client.OnNotification = Notified;
    }

    /// <summary>Subscribes to the caller's own resource of every server.</summary>
    public async Task SubscribeAsync()
    {
        if (_client.Modern)
        {
            var uris = string.Join(',', _mine.Select(u => $"\"{u}\""));
            _ = _client.RequestAsync(
                ListenId,
                "subscriptions/listen",
                _client.Params($"\"notifications\":{{\"resourceSubscriptions\":[{uris}]}}"),
                TimeSpan.FromHours(1));
            await _client.NotificationAsync("notifications/subscriptions/acknowledged");
            return;
        }

        foreach (var uri in _mine)
        {
            var reply = await _client.AskAsync("resources/subscribe", $"\"uri\":\"{uri}\"");
            if (reply.Result.ValueKind != JsonValueKind.Object) _tally.Lost($"{_name}: subscribe {uri}: {reply}");
        }
    }

    /// <summary>Makes so many calls.</summary>
    /// <param name="calls">How many.</param>
    /// <param name="peers">How many callers there are, whose resources may be touched.</param>
    public async Task RunAsync(int calls, int peers)
    {
        using var slots = new SemaphoreSlim(Width);
        var open = new List<Task>();
        for (var i = 0; i < calls; i++)
        {
            await slots.WaitAsync();
            var call = Next(peers);
            open.Add(Task.Run(async () =>
            {
                try
                {
                    await MakeAsync(call);
                }
                finally
                {
                    slots.Release();
                }
            }));
            if (open.Count > 4 * Width) open.RemoveAll(t => t.IsCompletedSuccessfully);
        }

        await Task.WhenAll(open);
    }

    /// <summary>Judges what is left when all calls of all callers have ended.</summary>
    public async Task SettleAsync()
    {
        foreach (var uri in _mine.Where(_tally.Touched))
        {
            for (var i = 0; i < 100 && !_updated.ContainsKey(uri); i++) await Task.Delay(50);
            if (!_updated.ContainsKey(uri)) _tally.Lost($"{_name}: no update of {uri}");
        }

        foreach (var stray in _client.Strays)
        {
            var reply = new Reply(0, stray);
            var id = reply.Root.At("id");
            var raw = id.ValueKind == JsonValueKind.Undefined ? "" : id.GetRawText();
            if (!_abandoned.TryRemove(raw, out var call)) _tally.Duplicated($"{_name}: nobody waits for {stray}");
            else if (reply.Code is null && Nonce(reply) != call.Nonce) _tally.Misdelivered($"{_name}: {stray} for {call.Nonce}");
        }

        foreach (var question in _client.Questions) _tally.Misdelivered($"{_name}: asked {question}");
    }

    private string ListenId => _style == IdStyle.Strings ? "\"listen\"" : "424242";

    private static string Uri(Target target, int index) => $"wicked://{target.Server}/{index}";

    private static string? Nonce(Reply reply) => reply.Result.At("structuredContent", "nonce").Str();

    private Call Next(int peers)
    {
        var n = ++_sent;
        var target = _targets[_random.Next(_targets.Length)];
        var delay = _random.Next(100) < 70 ? _random.Next(0, 4) : _random.Next(4, 40);
        var steps = _random.Next(100) < 25 ? _random.Next(1, 4) : 0;
        var touch = _random.Next(100) < 5 ? Uri(target, _random.Next(peers)) : null;
        var cancelAfter = _random.Next(100) < 5 ? _random.Next(0, delay + 2) : -1;
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        var nonce = Convert.ToHexStringLower(bytes);
        var space = _random.Next(4) == 0 ? " " : "";
        var arguments = $"{{{space}\"nonce\"{space}:\"{nonce}\",\"delayMs\":{delay},\"progress\":{steps},"
            + (touch is null ? "" : $"\"touch\":\"{touch}\",") + $"\"pad\":{Pad.Next(_random)}{space}}}";
        var number = n.ToString(CultureInfo.InvariantCulture);
        var id = _style switch
        {
            IdStyle.Numbers => number,
            IdStyle.Strings => $"\"{number}\"",
            _ => n % 2 == 0 ? $"{n / 2}" : $"\"{n / 2}\"",
        };
        return new Call(id, target, arguments, nonce, steps, touch, cancelAfter);
    }

    private async Task MakeAsync(Call call)
    {
        var what = $"{_name}, id {call.Id}, {call.Target.Tool}, nonce {call.Nonce}";
        _tally.Send();

        // The token is the id, so tokens collide between clients just as ids do.
        if (call.Steps > 0) _byToken[call.Id] = call;
        var request = _client.RequestAsync(
            call.Id,
            "tools/call",
            _client.Params($"\"name\":\"{call.Target.Tool}\",\"arguments\":{call.Arguments}", call.Steps > 0 ? call.Id : null));
        Reply reply;
        try
        {
            if (call.CancelAfter >= 0)
            {
                await Task.Delay(call.CancelAfter);
                call.Canceled = true;
                _abandoned[call.Id] = call;
                await _client.CancelAsync(call.Id);
                if (await Task.WhenAny(request, Task.Delay(Grace)) != request)
                {
                    _tally.Cancel();
                    _ = request.ContinueWith(t => t.Exception, TaskScheduler.Default);
                    return;
                }
            }

            reply = await request;
        }
        catch (TimeoutException)
        {
            _tally.Lost(what + ": no answer");
            return;
        }

        if (call.Canceled && (reply.Result.ValueKind == JsonValueKind.Undefined || reply.Code is not null))
        {
            _tally.Cancel();
            return;
        }

        _abandoned.TryRemove(call.Id, out _);
        Judge(call, reply, what);
    }

    private void Judge(Call call, Reply reply, string what)
    {
        var entry = reply.Result.At("structuredContent");
        if (entry.ValueKind != JsonValueKind.Object)
        {
            _tally.Lost($"{what}: {reply}");
            return;
        }

        _tally.Answer();
        if (call.Touch is not null) _tally.Touch(call.Touch);
        if (entry.At("nonce").Str() != call.Nonce || entry.At("server").Str() != call.Target.Server) _tally.Misdelivered($"{what}: {reply}");
        else if (entry.At("sum").Str() != Ledger.Checksum(call.Arguments)) _tally.Corrupted($"{what}: {call.Arguments}: {reply}");
        if (entry.At("seen").GetInt32() != 1) _tally.Duplicated($"{what}: executed {entry.At("seen").GetInt32()} times");
        _tally.Enter(call.Target.Server, entry.At("pid").GetInt32(), entry.At("count").GetInt32(), call.Nonce);
        call.Answered = true;
        if (call.Seen != call.Steps) _tally.Lost($"{what}: {call.Seen} of {call.Steps} progress notifications before the answer");
    }

    private void Notified(JsonElement notification)
    {
        var parameters = notification.At("params");
        switch (notification.At("method").Str())
        {
            case "notifications/progress":
                var token = parameters.At("progressToken");
                if (token.ValueKind == JsonValueKind.Undefined || !_byToken.TryGetValue(token.GetRawText(), out var call)
                    || parameters.At("message").Str() != call.Nonce || call.Answered)
                {
                    _tally.Misdelivered($"{_name}: {notification}");
                }
                else if (parameters.At("progress").GetInt32() != ++call.Seen)
                {
                    _tally.Duplicated($"{_name}: progress out of order: {notification}");
                }
                else
                {
                    _tally.Progress();
                }

                break;
            case "notifications/resources/updated":
                var uri = parameters.At("uri").Str() ?? "";
                var listen = parameters.At("_meta", "io.modelcontextprotocol/subscriptionId");
                if (!_mine.Contains(uri) || (_client.Modern && (listen.ValueKind == JsonValueKind.Undefined || listen.GetRawText() != ListenId)))
                {
                    _tally.Misdelivered($"{_name}: {notification}");
                    break;
                }

                _updated[uri] = true;
                _tally.Update();
                break;
            case "notifications/subscriptions/acknowledged":
            case "notifications/tools/list_changed" or "notifications/prompts/list_changed" or "notifications/resources/list_changed" when !_client.Modern:
                break;
            default:
                _tally.Misdelivered($"{_name}: {notification}");
                break;
        }
    }

    private sealed class Call(string id, Target target, string arguments, string nonce, int steps, string? touch, int cancelAfter)
    {
        public string Id { get; } = id;

        public Target Target { get; } = target;

        public string Arguments { get; } = arguments;

        public string Nonce { get; } = nonce;

        public int Steps { get; } = steps;

        public string? Touch { get; } = touch;

        public int CancelAfter { get; } = cancelAfter;

        public int Seen { get; set; }

        public volatile bool Canceled;

        public volatile bool Answered;
    }
}
