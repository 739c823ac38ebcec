using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Mimir.Faults.Matrix;
using Mimir.Functional.Clients;
using Mimir.Wicked.Tools;

namespace Mimir.Faults.Oracle;

/// <summary>One client: makes calls and judges how each ends.</summary>
internal sealed class Actor
{
    private const int Refused = -32602;
    private const int Internal = -32603;
    private const int Lost = -31003;
    private readonly ConcurrentDictionary<string, string> _open = new();
    private int _tokens;

    /// <summary>Makes one.</summary>
    /// <param name="client">Its wire.</param>
    /// <param name="slack">How long after its deadline a call may end.</param>
    /// <param name="account">Where its findings go.</param>
    public Actor(RawClient client, TimeSpan slack, Account account)
    {
        Client = client;
        Slack = slack;
        Account = account;
        client.OnNotification = Notified;
        client.AwaitsGivenUp = true;
    }

    /// <summary>Its wire.</summary>
    public RawClient Client { get; }

    /// <summary>Where its findings go.</summary>
    public Account Account { get; set; }

    /// <summary>What stands before the tools' names; null for the server's name.</summary>
    public string? Prefix { get; init; }

    /// <summary>How long after its last moment a call is waited for all the same: one that is late is told from one that never ends, also where the bench itself was held up.</summary>
    public TimeSpan Overtime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The error that it was given last; empty before.</summary>
    public string LastError { get; private set; } = "";

    /// <summary>In words.</summary>
    public string Name => $"{Client.GetType().Name}{(Client.Modern ? " (modern)" : "")}";

    private TimeSpan Slack { get; }

    /// <summary>Calls a ledger.</summary>
    public async Task<Ending> CallAsync(Order order)
    {
        var nonce = order.Nonce ?? Account.Nonce();
        var arguments = $"{{\"nonce\":\"{nonce}\",\"delayMs\":{order.DelayMs},\"progress\":{order.Steps},\"fill\":{order.Fill},{order.Cut}\"pad\":{Account.Padding()}}}";
        var token = order.Steps > 0 ? $"\"t{Interlocked.Increment(ref _tokens)}\"" : null;
        if (token is not null) _open[token] = nonce;
        var what = $"{Name} at {order.Server}, nonce {nonce}";
        var began = Stopwatch.GetTimestamp();
        var isEnded = false;
        try
        {
            var reply = await AskAsync("tools/call", $"\"name\":\"{Prefix ?? order.Server + "_"}ledger\",\"arguments\":{arguments}", order, what, token);
            isEnded = reply is not null;
            if (reply is null) return Ending.Bad;
            return reply.Result.At("structuredContent") is { ValueKind: JsonValueKind.Object } entry
                ? Judge(order, nonce, arguments, reply, entry, what, order.IsUntimed ? null : Stopwatch.GetElapsedTime(began).TotalMilliseconds - order.DelayMs)
                : JudgeError(order, nonce, reply, what, began);
        }
        finally
        {
            // One that was given up may still be told of, late: that it was late has been said.
            if (token is not null && isEnded) _open.TryRemove(token, out _);
        }
    }

    /// <summary>Has a server misbehave; any end in time will do.</summary>
    /// <param name="order">Where, and until when.</param>
    /// <param name="arguments">How: members, without braces.</param>
    public async Task<Ending> ProvokeAsync(Order order, string arguments)
    {
        var what = $"{Name} at {order.Server}, {arguments}";
        var began = Stopwatch.GetTimestamp();
        var reply = await AskAsync("tools/call", $"\"name\":\"{Prefix ?? order.Server + "_"}wicked\",\"arguments\":{{{arguments}}}", order, what);
        if (reply is null) return Ending.Bad;
        if (reply.Result.ValueKind != JsonValueKind.Object) return JudgeError(order, Account.Nonce(), reply, what, began);
        Account.Answer("", order.Server, null);
        return Ending.Ok;
    }

    /// <summary>Lists the tools of everybody.</summary>
    /// <param name="deadline">Until when.</param>
    /// <param name="present">A tool that must be among them whatever happens to the others.</param>
    public async Task<Ending> ListAsync(TimeSpan deadline, string present)
    {
        var order = new Order("*", deadline);
        var what = $"{Name}, tools/list";
        var reply = await AskAsync("tools/list", "", order, what);
        if (reply is null) return Ending.Bad;
        var names = reply.Result.At("tools").Names();
        if (!names.Contains(present)) return Account.Fault(Wrong.Lost, $"{what}: {present} is not in the list: {reply}");
        Account.Answer("", order.Server, null);
        return Ending.Ok;
    }

    /// <summary>Judges what came that nobody waited for.</summary>
    public void Settle()
    {
        while (Client.Strays.TryDequeue(out var stray)) Account.Fault(Wrong.Duplicate, $"{Name}: nobody waits for {stray}");
        while (Client.Questions.TryDequeue(out var question)) Account.Fault(Wrong.Misdelivered, $"{Name}: asked {question}");
    }

    private async Task<Reply?> AskAsync(string method, string members, Order order, string what, string? token = null)
    {
        var account = Account;
        account.Send(order.IsBeside);
        var began = Stopwatch.GetTimestamp();
        try
        {
            var reply = await Client.AskAsync(method, members, order.Deadline + Slack + Overtime, token);
            var late = Stopwatch.GetElapsedTime(began) - order.Deadline;
            Account.End(late);
            if (late <= Slack) return reply;
            Account.Fault(Wrong.Late, $"{what}: ended {late.TotalMilliseconds:0} ms after its deadline of {order.Deadline.TotalMilliseconds:0} ms: {reply}");
        }
        catch (TimeoutException)
        {
            Account.Fault(Wrong.Lost, $"{what}: no end within {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s, deadline {order.Deadline.TotalSeconds:0.0} s");
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The client could not even send.
            if (order.MayBreak) return new Reply(-1, null);
            Account.Fault(Wrong.Lost, $"{what}: {e.Message}");
        }
        finally
        {
            account.Leave();
        }

        return null;
    }

    private Ending Judge(Order order, string nonce, string arguments, Reply reply, JsonElement entry, string what, double? overhead)
    {
        if (entry.At("nonce").Str() != nonce || entry.At("server").Str() != order.Server) return Account.Fault(Wrong.Misdelivered, $"{what}: {reply}");
        if (entry.At("sum").Str() != Ledger.Checksum(arguments)) return Account.Fault(Wrong.Corrupt, $"{what}: other arguments arrived than {arguments}: {reply}");
        if (reply.ToolText != Ledger.Fill(nonce, order.Fill)) return Account.Fault(Wrong.Corrupt, $"{what}: the answer is not whole: {reply}");
        if (entry.At("seen").GetInt32() != 1) return Account.Fault(Wrong.Duplicate, $"{what}: ran {entry.At("seen").GetInt32()} times");
        Account.Answer(nonce, order.Server, overhead);
        return Ending.Ok;
    }

    private Ending JudgeError(Order order, string nonce, Reply reply, string what, long began)
    {
        LastError = reply.ToString();
        if (reply.Code is null)
        {
            if (!order.MayBreak) return Account.Fault(Wrong.Lost, $"{what}: neither answer nor error: {reply}");
            Account.Break();
            return Ending.Gone;
        }

        var data = reply.Error.At("data");
        var retryable = data.At("retryable").ValueKind;
        var isOurs = data.At("source").Str() == "mimir" && retryable is JsonValueKind.True or JsonValueKind.False
            && (data.At("server").Str() == order.Server || (order.MayBreak && data.At("server").ValueKind == JsonValueKind.Undefined));
        if (!order.MayFail && !(order.MayBeLost && isOurs && reply.Code == Lost)) return Account.Fault(Wrong.Error, $"{what}: an error without need: {reply}");
        if (!isOurs && !order.MayBeTheirs) return Account.Fault(Wrong.Error, $"{what}: an error that does not say whose it is: {reply}");
        var code = reply.Code.Value;
        if (isOurs && code is >= -32768 and <= -32000 && code is not (Refused or Internal)) return Account.Fault(Wrong.Error, $"{what}: a code that is not ours to use: {reply}");
        Account.Refuse(nonce, $"{what}: {reply}", isOurs && retryable == JsonValueKind.True, began);
        return Ending.Error;
    }

    private void Notified(JsonElement notification)
    {
        if (notification.At("method").Str() != "notifications/progress") return;
        var token = notification.At("params", "progressToken");
        if (token.ValueKind == JsonValueKind.Undefined || !_open.TryGetValue(token.GetRawText(), out var nonce) || notification.At("params", "message").Str() != nonce)
            Account.Fault(Wrong.Misdelivered, $"{Name}: {notification}");
    }
}
