using System.Diagnostics;
using System.Text.Json;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Import;

/// <summary>The real program in a home folder with the files of clients: found, shown, written, called, taken back.</summary>
public sealed class ImportTests(ITestOutputHelper output) : IDisposable
{
    private const string Secret = "canary-s3cr3t";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 120_000)]
    public async Task Import_ClientsOfAHome_AreFoundShownWrittenCalledAndTakenBack()
    {
        var script = JsonSerializer.Serialize("{\"name\":\"w\"}");
        var claude = Write("home/.claude.json", $$"""{ "mcpServers": { "work": { "command": {{JsonSerializer.Serialize(Repository.Wicked)}}, "args": ["--script", {{script}}], "env": { "K": "{{Secret}}" } }, "mimir": { "command": "mimir", "args": ["serve"] } } }""");
        var codex = Write("home/.codex/config.toml", $"[mcp_servers.codexwork]\ncommand = '{Repository.Wicked}'\nargs = ['--script', '{{\"name\":\"c\"}}']\n[mcp_servers.off]\ncommand = 'x'\nenabled = false\n");
        var hand = Write("config/mimir/mimir.json", "{ \"limits\": { \"listGrace\": \"20s\" } } // mine\n");
        var sources = new[] { claude, codex, hand }.ToDictionary(path => path, File.ReadAllBytes, StringComparer.Ordinal);

        var (code, data, words) = await RunAsync("import");
        Assert.True(code == 0, words);
        Assert.Contains("work: new", data, StringComparison.Ordinal);
        Assert.Contains("mimir: not importable: it is Mimir itself", data, StringComparison.Ordinal);
        Assert.Contains("codexwork: new", data, StringComparison.Ordinal);
        var shown = data + words;
        Assert.Equal(["mimir.json"], Below("config/mimir"));

        foreach (var client in (string[])["claude-code", "codex"])
        {
            (code, data, words) = await RunAsync("import", client, "--yes");
            Assert.True(code == 0, words);
            shown += data + words;
        }

        Assert.Equal(["mimir.json", "servers/codexwork.json", "servers/off.json", "servers/work.json"], Below("config/mimir"));
        Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
        Assert.All(sources, source => Assert.Equal(source.Value, File.ReadAllBytes(source.Key)));

        foreach (var tool in (string[])["work_echo", "codexwork_echo"])
        {
            (code, data, words) = await RunAsync("call", tool, "--args", "{\"text\":\"hello\"}");
            Assert.True(code == 0, words);
            Assert.Contains("hello", data, StringComparison.Ordinal);
        }

        foreach (var left in (string[][])[["mimir.json", "servers/work.json"], ["mimir.json"]])
        {
            (code, _, words) = await RunAsync("import", "--undo");
            Assert.True(code == 0, words);
            Assert.Equal(left, Below("config/mimir"));
        }

        Assert.All(sources, source => Assert.Equal(source.Value, File.ReadAllBytes(source.Key)));
    }

    [Fact(Timeout = 300_000)]
    public async Task Import_KilledAtAnyMoment_LeavesOldOrNewAndCanBeTakenBack()
    {
        var names = Enumerable.Range(0, 40).Select(n => $"s{n:00}").ToArray();
        Write("home/.cursor/mcp.json", JsonSerializer.Serialize(new { mcpServers = names.ToDictionary(name => name, _ => new { command = "new", enabled = false }) }));
        const string Old = "{ \"command\": \"old\", \"enabled\": false } // mine\n";
        const string New = "{\n  \"command\": \"new\",\n  \"enabled\": false\n}\n";
        var random = new Random(5);
        var (killed, middle) = (0, 0);
        for (var round = 0; round < 25; round++)
        {
            foreach (var name in names[..20]) Write($"config/mimir/servers/{name}.json", Old);
            using var process = await StartAsync("import", "cursor", "--replace", "--yes");
            process.StandardInput.Close();

            // It ends when one of the files that were not there appears, and the next ones are being written.
            var sign = _folder.File($"config/mimir/servers/{names[random.Next(20, 40)]}.json");
            while (!File.Exists(sign) && !process.HasExited) Thread.Yield();
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            killed += process.ExitCode == 0 ? 0 : 1;
            var held = names.Select(name => (Name: name, Text: Read($"config/mimir/servers/{name}.json"))).ToArray();
            Assert.All(held, file => Assert.Contains(file.Text, string.CompareOrdinal(file.Name, "s20") < 0 ? (string?[])[Old, New] : [null, New]));
            var written = held.Count(file => file.Text == New);
            middle += written is > 0 and < 40 ? 1 : 0;
            var (code, _, words) = await RunAsync("import", "--undo");
            Assert.True(code == 0, $"{code}, {written} written: {words}");
            Assert.All(names, name => Assert.Equal(string.CompareOrdinal(name, "s20") < 0 ? Old : null, Read($"config/mimir/servers/{name}.json")));
        }

        Assert.True(middle > 5, $"{middle} of {killed}");
        output.WriteLine($"25 imports of 40 servers, {killed} killed, {middle} of them between two files");
    }

    private string Write(string name, string text)
    {
        var path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private string? Read(string name) => File.Exists(_folder.File(name)) ? File.ReadAllText(_folder.File(name)) : null;

    private string[] Below(string name) =>
        [.. Directory.GetFiles(_folder.File(name), "*", SearchOption.AllDirectories).Where(path => Path.GetFileName(path) != ".config.lock").Select(path => Path.GetRelativePath(_folder.File(name), path)).Order(StringComparer.Ordinal)];

    private async Task<Process> StartAsync(params string[] arguments)
    {
        Directory.CreateDirectory(_folder.File("project"));
        var info = new ProcessStartInfo(await Repository.MimirAsync(), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.File("project"),
        };
        foreach (var (name, place) in (ReadOnlySpan<(string, string)>)[("HOME", "home"), ("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("XDG_STATE_HOME", "state")])
        {
            info.Environment[name] = _folder.File(place);
        }

        return Process.Start(info)!;
    }

    private async Task<(int Code, string Data, string Words)> RunAsync(params string[] arguments)
    {
        using var process = await StartAsync(arguments);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var killing = limit.Token.Register(process.Kill);
        process.StandardInput.Close();
        var data = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var words = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return (process.ExitCode, await data, await words);
    }
}
