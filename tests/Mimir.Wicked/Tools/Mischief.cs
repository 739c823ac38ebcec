using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Mimir.Wicked.Server;
using Mimir.Wicked.Wire;

namespace Mimir.Wicked.Tools;

/// <summary>The tool <c>wicked</c>: one misbehaviour per call, chosen by the argument <c>how</c>.</summary>
internal static class Mischief
{
    private static readonly Dictionary<string, Func<Exchange, JsonElement, Task>> s_ways = new()
    {
        // Never: no answer at all, cancellation ignored.
        ["never"] = (_, _) => Task.Delay(Timeout.Infinite),
        ["twice"] = TwiceAsync,
        ["strangers"] = StrangersAsync,
        ["lateAfterCancel"] = LateAfterCancelAsync,
        ["garbage"] = GarbageAsync,
        ["halfThenWhole"] = HalfThenWholeAsync,
        ["endless"] = EndlessAsync,
        ["flood"] = FloodAsync,
        ["exit"] = (_, _) => Exit(1),
        ["crash"] = (_, _) => Crash(),
        ["exitHalfway"] = ExitHalfwayAsync,
        ["foreignProgress"] = ForeignProgressAsync,
        ["log"] = LogAsync,
        ["listChanged"] = ListChangedAsync,
        ["addTool"] = AddToolAsync,
        ["touch"] = TouchAsync,
        ["ask"] = Questions.AskAsync,
        ["askLater"] = Questions.AskLaterAsync,
        ["task"] = Tasks.MakeAsync,
        ["fork"] = ForkAsync,
        ["expire"] = ExpireAsync,
        ["closeStream"] = CloseStreamAsync,
        ["drip"] = DripAsync,
        ["huge"] = HugeAsync,
        ["stderr"] = StderrAsync,
        ["verbatim"] = VerbatimAsync,
        ["batch"] = BatchAsync,
        ["closeOutput"] = (_, _) => CloseDescriptor(1),
        ["closeInput"] = (_, _) => CloseDescriptor(0),
        ["pings"] = PingsAsync,
        ["slowProgress"] = SlowProgressAsync,
    };

    /// <summary>Misbehaves as the arguments ask.</summary>
    public static Task RunAsync(Exchange exchange, JsonElement arguments) => s_ways.TryGetValue(arguments.Get("how").AsText() ?? "", out var way)
        ? way(exchange, arguments)
        : exchange.FailAsync(-32602, "how: one of " + string.Join(", ", s_ways.Keys));

    /// <summary>Meets a request as the script says; <see cref="Reaction.Answer"/> is the caller's own affair.</summary>
    public static async Task ReactAsync(Exchange exchange, Reaction reaction)
    {
        switch (reaction)
        {
            case Reaction.Exit:
                await Exit(1);
                break;
            case Reaction.Fail:
                await exchange.FailAsync(-32603, "I fail, as I was told to");
                break;
            case Reaction.Garbage:
                await exchange.Outlet.SendRawAsync("What do you want from me?\n"u8.ToArray());
                break;
            case Reaction.Verbatim:
                await exchange.Outlet.SendAsync(exchange.Server.Script.Verbatim.Replace("{ID}", exchange.Id, StringComparison.Ordinal), final: true);
                break;
            default:
                await Task.Delay(Timeout.Infinite, exchange.Canceled);
                break;
        }
    }

    /// <summary>Ends this process as <c>kill -9</c> does.</summary>
    public static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Writes so many bytes to stderr, in lines.</summary>
    public static void FloodStderr(long bytes)
    {
        using var stderr = Console.OpenStandardError();
        var line = Encoding.ASCII.GetBytes(new string('e', 1023) + "\n");
        for (; bytes > 0; bytes -= line.Length) stderr.Write(line);
    }

    private static Task Exit(int code)
    {
        Environment.Exit(code);
        return Task.CompletedTask;
    }

    private static Task Crash()
    {
        Die();
        return Task.CompletedTask;
    }

    private static async Task TwiceAsync(Exchange exchange, JsonElement arguments)
    {
        await exchange.Outlet.SendAsync(exchange.Answer(exchange.Result(Exchange.Text("first"))));
        await exchange.Outlet.SendAsync(exchange.Answer(exchange.Result(Exchange.Text("second"))), final: true);
    }

    private static async Task StrangersAsync(Exchange exchange, JsonElement arguments)
    {
        string[] ids = ["null", "\"" + exchange.Id.Trim('"') + "x\"", "-1", "4294967296", "1e3", "987654321987654321987654321", "\"\""];
        foreach (var id in ids)
            await exchange.Outlet.SendAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{exchange.Result(Exchange.Text("stranger"))}}}");
        await exchange.ReplyTextAsync("mine");
    }

    private static async Task LateAfterCancelAsync(Exchange exchange, JsonElement arguments)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, exchange.Canceled);
        }
        catch (OperationCanceledException)
        {
            await exchange.ReplyTextAsync("late");
        }
    }

    private static async Task GarbageAsync(Exchange exchange, JsonElement arguments)
    {
        for (var i = 0; i < Garbage.Count; i++)
            await exchange.Outlet.SendRawAsync((byte[])[.. Garbage.Line(i).Span, (byte)'\n']);
        await exchange.ReplyTextAsync("clean");
    }

    private static async Task HalfThenWholeAsync(Exchange exchange, JsonElement arguments)
    {
        var frame = exchange.Answer(exchange.Result(Exchange.Text("whole")));
        await exchange.Outlet.SendRawAsync(Encoding.UTF8.GetBytes(frame[..(frame.Length / 2)] + "\n"));
        await exchange.Outlet.SendAsync(frame, final: true);
    }

    private static async Task EndlessAsync(Exchange exchange, JsonElement arguments)
    {
        var chunk = Encoding.ASCII.GetBytes(new string('x', 65536));
        while (true) await exchange.Outlet.SendRawAsync(chunk);
    }

    private static async Task FloodAsync(Exchange exchange, JsonElement arguments)
    {
        var count = arguments.Get("count").AsInt(1000);
        for (var i = 0; i < count; i++)
            await exchange.NotifyAsync("notifications/message", $"{{\"level\":\"error\",\"logger\":\"flood\",\"data\":{Json.Digits(i)}}}");
        await exchange.ReplyTextAsync(Json.Digits(count));
    }

    /// <summary><c>{count}</c>: asks the peer for so many pings and waits for none.</summary>
    private static async Task PingsAsync(Exchange exchange, JsonElement arguments)
    {
        for (var i = arguments.Get("count").AsInt(100); i > 0; i--)
            await exchange.Outlet.SendAsync($"{{\"jsonrpc\":\"2.0\",\"id\":\"ping {Json.Digits(i)}\",\"method\":\"ping\"}}");
        await exchange.ReplyTextAsync("asked");
    }

    private static async Task ExitHalfwayAsync(Exchange exchange, JsonElement arguments)
    {
        var frame = exchange.Answer(exchange.Result(Exchange.Text("never whole")));
        await exchange.Outlet.SendRawAsync(Encoding.UTF8.GetBytes(frame[..(frame.Length / 2)]));
        Die();
    }

    private static async Task ForeignProgressAsync(Exchange exchange, JsonElement arguments)
    {
        string[] tokens = ["\"nobody\"", "987654", "null", "0", "1", "\"0\"", "\"1\""];
        foreach (var token in tokens.Where(t => t != exchange.ProgressToken)) await exchange.ProgressAsync(token, 1, 2, "foreign");
        await exchange.ProgressAsync(1, 1, "own");
        await exchange.ReplyTextAsync("done");
    }

    private static async Task LogAsync(Exchange exchange, JsonElement arguments)
    {
        await exchange.NotifyAsync("notifications/message", """{"level":"error","logger":"wicked","data":"logged"}""");
        await exchange.ReplyTextAsync("logged");
    }

    private static async Task ListChangedAsync(Exchange exchange, JsonElement arguments)
    {
        for (var i = arguments.Get("count").AsInt(1); i > 0; i--) await exchange.Server.ChangedAsync("tools");
        await exchange.ReplyTextAsync("changed");
    }

    private static async Task AddToolAsync(Exchange exchange, JsonElement arguments)
    {
        exchange.Server.Catalog.Add(arguments.Get("name").AsText() ?? "added");
        await exchange.Server.ChangedAsync("tools");
        await exchange.ReplyTextAsync("added");
    }

    private static async Task TouchAsync(Exchange exchange, JsonElement arguments)
    {
        await exchange.Server.UpdatedAsync(arguments.Get("uri").AsText() ?? "");
        await exchange.ReplyTextAsync("touched");
    }

    private static Task ForkAsync(Exchange exchange, JsonElement arguments)
    {
        Forks.Start(Enum.Parse<Grandchild>(arguments.Get("kind").AsText() ?? "Plain", ignoreCase: true));
        return exchange.ReplyTextAsync("forked");
    }

    private static Task ExpireAsync(Exchange exchange, JsonElement arguments)
    {
        exchange.Server.ExpireAll();
        return exchange.ReplyTextAsync("expired");
    }

    private static async Task CloseStreamAsync(Exchange exchange, JsonElement arguments)
    {
        if (arguments.Get("resume").ValueKind == JsonValueKind.True)
        {
            var cursor = "cut-" + Guid.NewGuid().ToString("N");
            exchange.Talk.Owed[cursor] = Task.FromResult(exchange.Answer(exchange.Result(Exchange.Text("resumed"))));
            await exchange.Outlet.SendRawAsync(Encoding.UTF8.GetBytes($"id: {cursor}\nretry: 20\ndata:\n\n"));
        }
        else
        {
            await exchange.ProgressAsync(1, 2, "about to vanish");
        }

        await exchange.Outlet.CloseAsync();
    }

    private static Task DripAsync(Exchange exchange, JsonElement arguments) => exchange.Outlet.DripAsync(
        exchange.Answer(exchange.Result(Exchange.Text("dripped é€𝄞"))),
        arguments.Get("chunk").AsInt(1),
        arguments.Get("delayMs").AsInt(1));

    private static Task HugeAsync(Exchange exchange, JsonElement arguments) =>
        exchange.ReplyTextAsync(new string('h', arguments.Get("bytes").AsInt(1 << 20)));

    private static Task StderrAsync(Exchange exchange, JsonElement arguments)
    {
        FloodStderr(arguments.Get("bytes").AsInt(1 << 20));
        return exchange.ReplyTextAsync("shouted");
    }

    private static Task VerbatimAsync(Exchange exchange, JsonElement arguments) =>
        exchange.Outlet.SendAsync(exchange.Answer(arguments.Get("result").GetRawText()), final: true);

    private static Task BatchAsync(Exchange exchange, JsonElement arguments) => exchange.Outlet.SendAsync(
        "[{\"jsonrpc\":\"2.0\",\"id\":\"stranger\",\"result\":{}}," + exchange.Answer(exchange.Result(Exchange.Text("batched"))) + "]",
        final: true);

    /// <summary>Closes stdin or stdout and lives on, as a server whose one side has failed does.</summary>
    public static Task CloseDescriptor(int number)
    {
        // The runtime uses a duplicate of its own, so every descriptor of that pipe goes.
        var pipe = new FileInfo("/proc/self/fd/" + Json.Digits(number)).LinkTarget;
        foreach (var path in Directory.GetFileSystemEntries("/proc/self/fd").Where(f => new FileInfo(f).LinkTarget == pipe))
            new Microsoft.Win32.SafeHandles.SafeFileHandle(int.Parse(Path.GetFileName(path), System.Globalization.CultureInfo.InvariantCulture), ownsHandle: true).Dispose();
        return Task.CompletedTask;
    }

    private static async Task SlowProgressAsync(Exchange exchange, JsonElement arguments)
    {
        var steps = arguments.Get("steps").AsInt(5);
        for (var i = 1; i <= steps; i++)
        {
            await Task.Delay(arguments.Get("everyMs").AsInt(100), exchange.Canceled);
            await exchange.ProgressAsync(i, steps, "on it");
        }

        await exchange.ReplyTextAsync("at last");
    }
}
