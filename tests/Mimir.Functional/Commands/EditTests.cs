using System.Globalization;
using System.Text.RegularExpressions;
using Mimir.Functional.Harness;
using Mimir.Functional.Secrets;

namespace Mimir.Functional.Commands;

/// <summary>The real program changes its configuration: at once by several, killed and failed at every system call of a save, and while a router runs on it.</summary>
public sealed partial class EditTests(ITestOutputHelper output) : IDisposable
{
    private readonly SecretHome _home = new();

    private string Folder => _home.At(Path.Combine("config", "mimir"));

    private string Space => Path.Combine(Folder, "namespaces", "n.json");

    public void Dispose() => _home.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Add_ManyProcessesAtOnce_LosesNone()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => DoneAsync("add", $"s{i}", "--", "x")));
        await DoneAsync("ns", "add", "n");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => DoneAsync("ns", "assign", "n", $"s{i}")));

        var list = await DoneAsync("ns", "list", "--json");
        Assert.All(Enumerable.Range(0, 8), i => Assert.Contains($"\"s{i}\"", list, StringComparison.Ordinal));
        await DoneAsync("config", "check");
    }

    [Fact(Timeout = 600_000)]
    public async Task Assign_EverySystemCallFailedOrKilledAt_LeavesTheOldOrTheNewAndTellsTheTruth()
    {
        await Tracing.RequireAsync();
        await DoneAsync("add", "a", "--", "x");
        await DoneAsync("ns", "add", "n");
        var before = await File.ReadAllTextAsync(Space);
        var log = _home.At("log");
        var (code, _, words) = await _home.RunAsync("", ["strace", "-f", "-o", log, .. Paths()], ["ns", "assign", "n", "a"]);
        Assert.True(code == 0, words);
        var after = await File.ReadAllTextAsync(Space);
        Assert.NotEqual(before, after);
        var calls = Call().Matches(await File.ReadAllTextAsync(log)).Select(m => m.Groups[1].Value).GroupBy(n => n).ToDictionary(g => g.Key, g => g.Count());
        Assert.True(calls.GetValueOrDefault("fsync") >= 2, await File.ReadAllTextAsync(log));
        var (tried, refused) = (0, 0);
        foreach (var (name, count) in calls)
        {
            for (var at = 1; at <= count; at++)
            {
                foreach (var how in (string[])["error=ENOSPC", "signal=KILL"])
                {
                    await File.WriteAllTextAsync(Space, before);
                    (code, _, words) = await _home.RunAsync("", ["strace", "-f", "-o", log, .. Paths(), "-e", $"inject={name}:{how}:when={at}"], ["ns", "assign", "n", "a"]);
                    var now = await File.ReadAllTextAsync(Space);
                    var what = string.Create(CultureInfo.InvariantCulture, $"{name} {at} {how}: exit code {code}, {words}");
                    Assert.True(now == before || now == after, "neither the old nor the new: " + what + now);
                    Assert.True(code != 0 || now == after, "reported, and not there: " + what);
                    tried++;
                    refused += code == 0 ? 0 : 1;
                }
            }
        }

        output.WriteLine($"{calls.Values.Sum()} calls ({string.Join(", ", calls.Select(c => $"{c.Value} {c.Key}"))}): {tried} tried, {refused} were reported as not saved");
        Assert.Equal(["n.json"], Directory.GetFiles(Path.GetDirectoryName(Space)!).Select(f => Path.GetFileName(f)).Where(f => f[0] != '.'));
        await File.WriteAllTextAsync(Space, before);
        await DoneAsync("ns", "assign", "n", "a");
        Assert.Equal([Space], Directory.GetFileSystemEntries(Path.GetDirectoryName(Space)!));
    }

    [Fact(Timeout = 120_000)]
    public async Task Change_WhileARouterRuns_IsTakenOver()
    {
        await DoneAsync("add", "a", "--", Repository.Wicked);
        using var router = _home.Start(await Repository.MimirAsync(), [], ["serve", "--http", "0"]);
        try
        {
            await SaidAsync(router, "listening on");
            await DoneAsync("add", "b", "--", Repository.Wicked);
            await SaidAsync(router, "added b");
            await DoneAsync("ns", "add", "n");
            await SaidAsync(router, "other settings changed");
            Directory.Move(Path.GetDirectoryName(Space)!, _home.At("aside"));
            await SaidAsync(router, "namespaces is not there any more, and what its files said goes on");
            Directory.Move(_home.At("aside"), Path.GetDirectoryName(Space)!);
            await SaidAsync(router, "no server has changed");
            await DoneAsync("quarantine", "b", "--reason", "its tools have changed");
            await SaidAsync(router, "changed b");
            Assert.Contains("its tools have changed", await DoneAsync("list"), StringComparison.Ordinal);
            Assert.Contains("is quarantined: its tools have changed", (await _home.RunAsync("", "call", "b_echo")).Words, StringComparison.Ordinal);
            await DoneAsync("release", "b");
            await SaidAsync(router, "changed b");
            await DoneAsync("call", "b_echo");
            await DoneAsync("disable", "b");
            await SaidAsync(router, "removed b");
        }
        finally
        {
            router.Kill(entireProcessTree: true);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Namespace_OfToolsCallAndExplain_IsWhatItsClientsSee()
    {
        foreach (var name in (string[])["files", "mail"]) await DoneAsync("add", name, "--", Repository.Wicked, "--script", $"{{\"name\":\"{name}\"}}");
        await DoneAsync("ns", "add", "n");
        await DoneAsync("ns", "add", "m");
        await DoneAsync("ns", "assign", "n", "files");
        await DoneAsync("permission", "set", "n", "files", "echo", "deny");

        var all = await DoneAsync("tools");
        Assert.Contains("files_echo", all, StringComparison.Ordinal);
        Assert.Contains("mail_echo", all, StringComparison.Ordinal);
        var seen = await DoneAsync("tools", "--namespace", "n");
        Assert.Contains("files_ledger", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("files_echo", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("mail_", seen, StringComparison.Ordinal);

        await DoneAsync("call", "files_ledger", "--args", "{\"nonce\":\"1\"}", "-n", "n");
        Assert.NotEqual(0, (await _home.RunAsync("", "call", "files_echo", "-n", "n")).Code);
        Assert.NotEqual(0, (await _home.RunAsync("", "call", "mail_ledger", "--args", "{\"nonce\":\"1\"}", "-n", "n")).Code);
        Assert.Contains("it is no server of this namespace", await DoneAsync("route", "explain", "files_ledger", "-n", "n"), StringComparison.Ordinal);
        Assert.Equal(2, (await _home.RunAsync("", "route", "explain", "mail_ledger", "-n", "n")).Code);

        var (code, _, words) = await _home.RunAsync("", "tools", "-n", "other");
        Assert.Equal(3, code);
        Assert.Contains("there is no such namespace", words, StringComparison.Ordinal);

        var text = await File.ReadAllTextAsync(Space);
        await File.WriteAllTextAsync(Space, text.Replace("{\n", "{\n  \"mode\": \"meta\",\n", StringComparison.Ordinal));
        var meta = await DoneAsync("tools", "-n", "n");
        Assert.Contains("mcp_router_call", meta, StringComparison.Ordinal);
        Assert.DoesNotContain("files_", meta, StringComparison.Ordinal);
        Assert.Contains("files", await DoneAsync("call", "mcp_router_list", "-n", "n"), StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\d+ +(\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Call();

    private static async Task SaidAsync(System.Diagnostics.Process process, string words)
    {
        var all = "";
        while (await process.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)) is { } line)
        {
            all += line + "\n";
            if (line.Contains(words, StringComparison.Ordinal)) return;
        }

        Assert.Fail($"it ended without saying '{words}': {all}");
    }

    private string[] Paths() => [.. new[] { Folder, Path.Combine(Folder, ".config.lock"), Path.GetDirectoryName(Space)!, Space, Path.Combine(Path.GetDirectoryName(Space)!, ".n.json.new") }
        .SelectMany(p => new[] { "-P", p })];

    private async Task<string> DoneAsync(params string[] line)
    {
        var (code, data, words) = await _home.RunAsync("", line);
        Assert.True(code == 0, $"{string.Join(' ', line)}: {words}");
        return data;
    }
}
